package io.spyhop.engine.namespace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.PortException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reaches programs in real containers, and nothing else. As root, for namespaces are root's to enter. */
class ContainerSocketsIT {
    private static final Duration MAX = Duration.ofSeconds(2);
    private static final String SERVE =
            "mkdir -p /www && echo %s > /www/index.html && exec httpd -f -p %s:8080 -h /www";

    private final DockerContainers containers = new DockerContainers();

    @AfterEach
    void close() {
        containers.close();
    }

    @Test
    void shouldReachTheLoopbackOfAContainerWhateverItsFamily() {
        // Given
        String four = containers.runScript(SERVE.formatted("four", "127.0.0.1"));
        String six = containers.runScriptWithIpv6(SERVE.formatted("six", "[::1]"));

        // When / Then
        await().untilAsserted(() -> assertThat(
                        get(ContainerSockets.connect(four, pid(four), "127.0.0.1", List.of(), 8080, MAX)))
                .endsWith("four\n"));
        await().untilAsserted(
                        () -> assertThat(get(ContainerSockets.connect(six, pid(six), "::1", List.of(), 8080, MAX)))
                                .endsWith("six\n"));
    }

    @Test
    void shouldReachAnAddressOnlyWhenItIsTheContainers() {
        // Given
        String one = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("one", "0.0.0.0"));
        String both = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("both", "[::]"));
        String other = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("other", "0.0.0.0"));
        InetAddress ofOne = address(one);
        InetAddress ofOther = address(other);

        // When / Then
        await().untilAsserted(() -> assertThat(get(ContainerSockets.connectOutside(one, pid(one), ofOne, 8080, MAX)))
                .endsWith("one\n"));
        await().untilAsserted(() -> assertThat(
                        get(ContainerSockets.connectOutside(both, pid(both), address(both), 8080, MAX)))
                .endsWith("both\n"));
        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> ContainerSockets.connectOutside(one, pid(one), ofOther, 8080, MAX))
                .matches(e -> e.reason() == PortException.Reason.NO_WAY);
        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> ContainerSockets.connectOutside(
                        one, ProcessHandle.current().pid(), ofOne, 8080, MAX))
                .matches(e -> e.reason() == PortException.Reason.NO_WAY);
        // Then: nor when it has ended
        long pid = pid(one);
        containers.docker("kill", one);
        await().until(() -> !Files.exists(Path.of("/proc/" + pid)));
        assertThatExceptionOfType(ContainerGoneException.class)
                .isThrownBy(() -> ContainerSockets.connectOutside(one, pid, ofOne, 8080, MAX));
    }

    /** Who may not enter the network of a container reads what it tells. */
    @Test
    void shouldProveAConnectionByTheFilesOfAProcessToo() throws IOException {
        // Given
        String one = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("one", "0.0.0.0"));
        String both = containers.run(DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("both", "[::]"));

        // When / Then
        for (String container : List.of(one, both)) {
            try (SocketChannel channel = await().ignoreExceptions().until(() -> open(container), Objects::nonNull)) {
                InetSocketAddress near = (InetSocketAddress) channel.getLocalAddress();
                InetSocketAddress far = (InetSocketAddress) channel.getRemoteAddress();
                String other = container.equals(one) ? both : one;
                assertThatNoException()
                        .isThrownBy(() -> ContainerSockets.proveByFiles(container, pid(container), near, far));
                assertThatNoException().isThrownBy(() -> ContainerSockets.prove(container, pid(container), near, far));
                assertThatExceptionOfType(PortException.class)
                        .isThrownBy(() -> ContainerSockets.proveByFiles(other, pid(other), near, far));
                assertThatExceptionOfType(PortException.class)
                        .isThrownBy(() -> ContainerSockets.prove(other, pid(other), near, far));
            }
        }
    }

    private SocketChannel open(String id) throws IOException {
        return SocketChannel.open(new InetSocketAddress(address(id), 8080));
    }

    private long pid(String id) {
        return Long.parseLong(containers.docker("inspect", "--format", "{{.State.Pid}}", id));
    }

    private InetAddress address(String id) {
        return InetAddress.ofLiteral(containers.docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", id));
    }

    private static String get(SocketChannel channel) throws IOException {
        try (channel) {
            channel.socket().getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            return new String(channel.socket().getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
