package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.CommandOutput;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.HealthDetails;
import io.spyhop.engine.PortConnection;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortTarget;
import io.spyhop.engine.PortWay;
import io.spyhop.engine.namespace.NetworkNamespaces;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reaches ports inside containers of a real engine, in every way. As root, for namespaces are root's to enter. */
class DockerPortsIT {
    private static final Duration MAX = Duration.ofSeconds(2);

    /** Longer than the kernel waits before it asks again at a program whose queue of connections is full. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String SERVE = "mkdir -p /www && echo well > /www/health && exec httpd -f -p %s:8080 -h /www";

    private final DockerContainers containers = new DockerContainers();
    private ContainerEngine engine;

    @BeforeEach
    void connect() {
        engine = DockerEngine.connectFromEnvironment();
    }

    @AfterEach
    void close() {
        engine.close();
        containers.close();
    }

    @Test
    void shouldReachWhatListensOnTheLoopbackOfAContainerWithoutANetwork() {
        // Given
        String id = containers.runScript(SERVE.formatted("127.0.0.1"));
        PortTarget target = new PortTarget(id, pid(id), List.of(), 8080);

        // When / Then
        await().untilAsserted(() -> assertThat(get(target, PortWay.NAMESPACE)).endsWith("well\n"));
        // Then: nothing of this machine's own network is there
        assertThat(failure(new PortTarget(id, pid(id), List.of(), 8081))).isEqualTo(PortException.Reason.REFUSED);
    }

    @Test
    void shouldComeBackFromEachNamespaceWhenManyAreEnteredAtOnce() throws Exception {
        // Given
        String one = containers.runScript(SERVE.formatted("127.0.0.1"));
        String other = containers.runScript(
                SERVE.formatted("127.0.0.1").replace("well", "otherwise").replace(":8080", ":8081"));
        PortTarget first = new PortTarget(one, pid(one), List.of(), 8080);
        PortTarget second = new PortTarget(other, pid(other), List.of(), 8081);
        await().untilAsserted(() -> assertThat(get(first, PortWay.NAMESPACE)).endsWith("well\n"));
        await().untilAsserted(() -> assertThat(get(second, PortWay.NAMESPACE)).endsWith("otherwise\n"));

        // When
        List<Future<String>> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = IntStream.range(0, 400)
                    .mapToObj(i -> threads.submit(() -> get(i % 2 == 0 ? first : second, PortWay.NAMESPACE)))
                    .toList();
        }

        // Then
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get()).endsWith(i % 2 == 0 ? "well\n" : "otherwise\n");
        }
        Path visitor = namespaceOfVisitor();
        assertThat(Files.readSymbolicLink(visitor.resolve("ns/net")))
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
    }

    @Test
    void shouldRefuseAProcessThatIsNotTheContainers() throws IOException {
        // Given
        String id = containers.runScript("exec sleep 100");

        // When / Then: this very process has another's pid
        assertThat(failure(new PortTarget(id, ProcessHandle.current().pid(), List.of(), 8080)))
                .isEqualTo(PortException.Reason.NO_WAY);

        // When / Then: the process has ended
        long pid = pid(id);
        containers.docker("kill", id);
        await().until(() -> !Files.exists(Path.of("/proc/" + pid)));
        assertThat(failure(new PortTarget(id, pid, List.of("127.0.0.1"), 8080)))
                .as("it may as well be that it is not to be seen; its address may be another's")
                .isEqualTo(PortException.Reason.NO_WAY);
        assertThatExceptionOfType(ContainerGoneException.class)
                .isThrownBy(
                        () -> NetworkNamespaces.ofThisMachine().socket(id, pid).close());
    }

    @Test
    void shouldReachTheContainersAddressWhereTheNamespaceIsNotKnown() {
        // Given
        String id = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("0.0.0.0"));
        HealthDetails details = engine.health(id).orElseThrow();

        // When / Then
        assertThat(details.addresses()).hasSize(1);
        PortTarget target = new PortTarget(id, null, details.addresses(), 8080);
        await().untilAsserted(() -> assertThat(get(target, PortWay.ADDRESS)).endsWith("well\n"));
        // Then: an engine elsewhere has addresses that mean others here
        try (ContainerEngine elsewhere = DockerEngine.connectWithoutFiles(address())) {
            assertThatExceptionOfType(PortException.class)
                    .isThrownBy(() -> elsewhere.connect(target, MAX))
                    .matches(e -> e.reason() == PortException.Reason.NO_WAY);
        }
    }

    @Test
    void shouldTellPortsAndTheImagesOwnCheck() {
        // Given
        String id = containers.run(
                "--expose",
                "9090",
                "--expose",
                "70/udp",
                "-p",
                "127.0.0.1::8080",
                "--health-cmd",
                "exit 3",
                "--health-interval",
                "1s",
                "--health-retries",
                "1",
                DockerContainers.IMAGE,
                "sleep",
                "100");

        // When
        HealthDetails details = await().until(
                        () -> engine.health(id).orElseThrow(),
                        found -> found.check() != null && found.check().status() == HealthDetails.Status.UNHEALTHY);

        // Then
        assertThat(details.ports()).containsExactly(8080, 9090);
        HealthDetails.Check check = Objects.requireNonNull(details.check());
        assertThat(check.failures()).isPositive();
        assertThat(check.results().getLast().exitCode()).isEqualTo(3);
        assertThat(check.results().getLast().took()).isPositive();
        assertThat(engine.health("no-such-container")).isEmpty();
    }

    @Test
    void shouldRunACommandInsideAContainer() {
        // Given
        String id = containers.runScript("exec sleep 100");

        // When / Then
        CommandOutput said = engine.execute(id, List.of("sh", "-c", "echo well; exit 3"));
        assertThat(said.exitCode()).isEqualTo(3);
        assertThat(said.text()).contains("well");
        assertThat(engine.execute(id, List.of("/no/such/program")).exitCode()).isIn(126, 127);
        containers.docker("kill", id);
        assertThatExceptionOfType(ContainerGoneException.class).isThrownBy(() -> engine.execute(id, List.of("true")));
    }

    private static EngineAddress address() {
        return DockerEngine.addressOfEnvironment();
    }

    private long pid(String id) {
        return engine.inspect(id).map(ContainerDetails::pid).orElseThrow();
    }

    private PortException.Reason failure(PortTarget target) {
        try (PortConnection connection = engine.connect(target, MAX)) {
            throw new AssertionError("connected to " + connection.channel().getRemoteAddress());
        } catch (PortException e) {
            return e.reason();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String get(PortTarget target, PortWay way) throws IOException {
        try (PortConnection connection = engine.connect(target, PATIENCE)) {
            assertThat(connection.way()).isEqualTo(way);
            SocketChannel channel = connection.channel();
            channel.socket().getOutputStream().write("GET /health HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            return new String(channel.socket().getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private static Path namespaceOfVisitor() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith("namespace-visit")) {
                    return task;
                }
            }
        }
        throw new AssertionError("no such thread");
    }
}
