package io.spyhop.lifecycle.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.docker.DockerEngine;
import io.spyhop.lifecycle.probe.Answer.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asks containers of a real engine, well-behaved and other ones, in every way. */
class AskerIT {
    /** Beyond the largest that Linux has. */
    private static final long PID_OF_NOBODY = 1L << 23;

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final String SERVE = "mkdir -p /www && echo well > /www/health && exec httpd -f -p %s:8080 -h /www";

    private final DockerContainers containers = new DockerContainers();
    private final Asker asker = new Asker();
    private ContainerEngine engine;

    @BeforeEach
    void connect() {
        engine = DockerEngine.connectFromEnvironment();
    }

    @AfterEach
    void close() {
        asker.close();
        engine.close();
        containers.close();
    }

    @Test
    void shouldCountOnlyAWholeAnswerInTimeWhateverTheTargetDoes() {
        // Given
        String id = containers.runScript(String.join(
                "\n",
                target(1, "exec sleep 100"),
                target(2, "printf 'HTTP/1.1 200 OK\\r\\nX: '; while :; do printf x; sleep 0.1; done"),
                target(
                        3,
                        "printf 'HTTP/1.1 200 OK\\r"
                                + "\\n"
                                + "Content-Length: 100\\r"
                                + "\\n"
                                + "\\r"
                                + "\\n"
                                + "'; while :; do printf x; sleep 0.1; done"),
                target(
                        4,
                        "printf 'HTTP/1.1 200 OK\\r"
                                + "\\n"
                                + "Content-Length: 10485760\\r"
                                + "\\n"
                                + "\\r"
                                + "\\n"
                                + "'; dd if=/dev/zero bs=64k count=160"),
                target(
                        5,
                        "printf 'HTTP/1.1 302 Found\\r"
                                + "\\n"
                                + "Location: http://127.0.0.1:8099/\\r"
                                + "\\n"
                                + "Content-Length: 0\\r"
                                + "\\n"
                                + "\\r"
                                + "\\n"
                                + "'"),
                target(6, ":"),
                target(7, "echo well"),
                target(8, "printf 'HTTP/1.1 503 Busy\\r\\nContent-Length: 0\\r\\n\\r\\n'"),
                target(9, "printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nhalf'"),
                target(10, "printf 'HTTP/1.1 200 OK\\r\\nX: '; dd if=/dev/zero bs=64k count=100 | tr '\\0' x"),
                "exec sleep 100"));
        await().until(() -> ask(id, 8008).reason() != null
                && "status 503".equals(ask(id, 8008).reason()));

        // When / Then
        assertThat(ask(id, 8001).reason()).isEqualTo("no whole answer within 1 s");
        assertThat(ask(id, 8002).reason()).isEqualTo("no whole answer within 1 s");
        Answer slow = ask(id, 8003);
        assertThat(slow.reason()).isEqualTo("no whole answer within 1 s");
        assertThat(slow.latency()).isBetween(TIMEOUT, TIMEOUT.multipliedBy(2));
        assertThat(ask(id, 8004).reason()).isNull();
        assertThat(ask(id, 8005).reason())
                .as("a redirection is an answer, and not followed")
                .isNull();
        assertThat(ask(id, 8006).reason()).isIn("closed without an answer", "the connection broke");
        assertThat(ask(id, 8007).reason()).isIn("the answer is not HTTP", "closed without an answer");
        assertThat(ask(id, 8008).reason()).isEqualTo("status 503");
        assertThat(ask(id, 8009).reason()).isIn("closed before the answer's end", "the connection broke");
        assertThat(ask(id, 8010).reason()).isEqualTo("the answer's head is too large");
        Answer refused = ask(id, 8098);
        assertThat(refused.reason()).isEqualTo("connection refused");
        assertThat(refused.way()).isEqualTo(Way.NAMESPACE);
    }

    @Test
    void shouldAskAnImageWithoutAShellOnItsLoopback() throws IOException {
        // Given
        String image = "spyhop-test/shell-less:" + containers.label().substring(0, 8);
        importImage(image);
        try {
            String id = containers.run(
                    DockerContainers.NO_NETWORK, image, "/httpd", "-f", "-p", "127.0.0.1:8080", "-h", "/www");

            // When
            Answer answer = await().until(() -> ask(id, 8080), Answer::ok);

            // Then
            assertThat(answer.way()).isEqualTo(Way.NAMESPACE);
            assertThat(asker.ask(remote(), question(id, null, List.of(), 8080)))
                    .as("nothing leads to it from another machine")
                    .isEmpty();
        } finally {
            containers.close();
            containers.docker("rmi", image);
        }
    }

    @Test
    void shouldAskByAddressOrByAProgramOfTheContainersOwnWhereItsNamespaceIsNotToBeEntered() {
        // Given
        String open = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("0.0.0.0"));
        String shut = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("127.0.0.1"));
        await().until(() -> ask(open, 8080).ok() && ask(shut, 8080).ok());

        // When / Then: by address
        List<String> address = engine.health(open).orElseThrow().addresses();
        assertThat(answer(question(open, null, address, 8080)))
                .matches(answer -> answer.ok() && answer.way() == Way.ADDRESS);

        // When / Then: its address leads past its loopback
        List<String> other = engine.health(shut).orElseThrow().addresses();
        assertThat(answer(question(shut, null, other, 8080)))
                .matches(answer -> answer.ok() && answer.way() == Way.EXEC);
        containers.docker("exec", shut, "rm", "/www/health");
        assertThat(answer(question(shut, PID_OF_NOBODY, List.of(), 8080)).way())
                .as("its process is not to be seen")
                .isEqualTo(Way.EXEC);
        assertThat(answer(question(shut, null, other, 8080)).reason()).isEqualTo("status 404");
        assertThat(answer(question(shut, null, other, 8081)).reason()).isEqualTo("no answer");

        // When / Then: the engine is elsewhere
        assertThat(asker.ask(remote(), question(open, null, address, 8080))
                        .orElseThrow()
                        .way())
                .isEqualTo(Way.EXEC);
        containers.docker("kill", open);
        assertThat(asker.ask(remote(), question(open, null, address, 8080))).isEmpty();
    }

    private ContainerEngine remote() {
        return DockerEngine.connectWithoutFiles(DockerEngine.addressOfEnvironment());
    }

    /** A script that answers each connection at port 8000 + n, once it has sent a line. */
    private static String target(int n, String script) {
        return """
            cat > /t%d <<'END'
            #!/bin/sh
            read line
            %s
            END
            chmod +x /t%d
            nc -ll -p %d -e /t%d &
            """.formatted(n, script, n, 8000 + n, n);
    }

    private Answer ask(String id, int port) {
        Long pid = engine.inspect(id).map(ContainerDetails::pid).orElseThrow();
        return answer(question(id, pid, List.of(), port));
    }

    private Answer answer(Question question) {
        Optional<Answer> answer = asker.ask(engine, question);
        return answer.orElseThrow();
    }

    private static Question question(String id, @Nullable Long pid, List<String> addresses, int port) {
        return new Question(id, pid, addresses, port, "/health", TIMEOUT, false);
    }

    private void importImage(String image) throws IOException {
        Path root = Files.createTempDirectory("shell-less");
        Path www = Files.createDirectory(root.resolve("www"));
        Files.writeString(www.resolve("health"), "well");
        Files.copy(Path.of("/bin/busybox"), root.resolve("httpd"), StandardCopyOption.COPY_ATTRIBUTES);
        Path archive = Files.createTempFile("shell-less", ".tar");
        try {
            Process tar = new ProcessBuilder("tar", "-c", "-f", archive.toString(), "-C", root.toString(), ".").start();
            assertThat(tar.onExit().join().exitValue()).isZero();
            containers.docker("import", archive.toString(), image);
        } finally {
            Files.delete(archive);
            Files.delete(www.resolve("health"));
            Files.delete(www);
            Files.delete(root.resolve("httpd"));
            Files.delete(root);
        }
    }
}
