package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.ListenWay;
import io.spyhop.engine.PortException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Finds what real containers listen on, in every way. As root, for namespaces are root's to enter. */
class ListenersIT {
    /** Of this machine: ss, Perl, and what they need. */
    private static final List<String> PROGRAMS =
            List.of("--volume=/usr:/usr:ro", "--volume=/usr/lib:/lib:ro", "--volume=/usr/lib64:/lib64:ro");

    /** Listens on many ports in one process. */
    private static final String MANY =
            "use Socket; for my $p (10001..12000) { socket(my $s, PF_INET, SOCK_STREAM, 0) or die;"
                    + " bind($s, sockaddr_in($p, INADDR_ANY)) or die; listen($s, 5) or die; push @all, $s; } sleep 1000;";

    /** Beyond the largest that Linux has. */
    private static final long PID_OF_NOBODY = 1L << 23;

    private final DockerContainers containers = new DockerContainers();
    private final List<ListenReader> readers = new ArrayList<>();
    private ContainerEngine engine;
    private ContainerEngine elsewhere;

    @BeforeEach
    void connect() {
        engine = DockerEngine.connectFromEnvironment();
        elsewhere = DockerEngine.connectWithoutFiles(DockerEngine.addressOfEnvironment());
    }

    @AfterEach
    void close() {
        readers.forEach(ListenReader::close);
        engine.close();
        elsewhere.close();
        containers.close();
    }

    @ParameterizedTest
    @EnumSource(ListenWay.class)
    void shouldFindPortsOfBothFamiliesAndWhoListens(ListenWay way) {
        assertThat(way != ListenWay.SS || Files.exists(Path.of("/usr/bin/ss")))
                .as("this machine has ss, of package iproute2")
                .isTrue();
        // Given
        List<String> arguments = new ArrayList<>(List.of(
                DockerContainers.NO_NETWORK,
                "--sysctl=net.ipv6.conf.all.disable_ipv6=0",
                "--sysctl=net.ipv6.conf.lo.disable_ipv6=0"));
        arguments.addAll(way == ListenWay.SS ? PROGRAMS : List.of());
        arguments.addAll(List.of(
                DockerContainers.IMAGE,
                "/bin/busybox",
                "sh",
                "-c",
                "httpd -p 127.0.0.1:8081; httpd -p [::1]:8082; exec httpd -f -p 8083"));
        String id = containers.run(arguments.toArray(String[]::new));

        // When
        ListenReader reader = reader(way == ListenWay.NAMESPACE ? engine : elsewhere, id);

        // Then
        await().untilAsserted(() -> assertThat(reader.read())
                .extracting(ListenSocket::port, ListenSocket::address, ListenSocket::both, ListenSocket::process)
                .containsExactlyInAnyOrder(
                        tuple(8081, "127.0.0.1", false, "httpd"),
                        tuple(8082, "::1", false, "httpd"),
                        tuple(8083, "::", true, "httpd")));
        assertThat(reader.read().stream()
                        .filter(socket -> socket.port() == 8083)
                        .map(ListenSocket::pid))
                .containsExactly(1L);
        assertThat(reader.way()).isEqualTo(way);
        assertThat(reader.hostNetwork()).isFalse();
    }

    @Test
    void shouldGiveTheVerySameListUntilSomethingChanges() {
        // Given
        String id = containers.runScript("httpd -p 8081; exec sleep 1000");
        ListenReader reader = reader(engine, id);
        await().until(() -> reader.read().size() == 1);

        // When / Then
        assertThat(reader.read()).isSameAs(reader.read());
        containers.docker("exec", id, "httpd", "-p", "8082");
        await().until(() -> reader.read().size() == 2);
        containers.docker("exec", id, "killall", "httpd");
        await().until(() -> reader.read().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(value = ListenWay.class, names = "SS", mode = EnumSource.Mode.EXCLUDE)
    void shouldTellOnlyItsOwnOfANetworkThatIsOthersToo(ListenWay way) throws IOException {
        // Given: this test listens on the machine's own network, as the container does
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String onHost =
                    containers.run("--network=host", DockerContainers.IMAGE, "httpd", "-f", "-p", "127.0.0.1:" + port);
            String first = containers.runScript("exec httpd -f -p 127.0.0.1:8081");
            String second = containers.run(
                    "--network=container:" + first, DockerContainers.IMAGE, "httpd", "-f", "-p", "127.0.0.1:8082");
            ContainerEngine by = way == ListenWay.NAMESPACE ? engine : elsewhere;

            // When
            ListenReader host = reader(by, onHost);
            ListenReader shared = reader(by, second);

            // Then
            assertThat(foreign.isBound()).isTrue();
            await().untilAsserted(() -> assertThat(ports(host)).containsExactly(port));
            assertThat(host.hostNetwork()).isTrue();
            await().untilAsserted(() -> assertThat(ports(shared)).containsExactly(8082));
            assertThat(shared.hostNetwork()).isFalse();
        }
    }

    @Test
    void shouldLeaveOutTheEnginesResolver() {
        // Given: in a network of its own the engine resolves names, inside the namespace
        String id =
                containers.run("--network=" + containers.network(), DockerContainers.IMAGE, "httpd", "-f", "-p", "80");

        // When / Then
        ListenReader inside = reader(engine, id);
        await().untilAsserted(() -> assertThat(ports(inside)).containsExactly(80));
        assertThat(ports(reader(elsewhere, id))).containsExactly(80);
    }

    @Test
    void shouldNeedNothingInTheImageFromInsideTheNamespace() throws IOException {
        // Given: nothing but the program itself
        Path root = Files.createTempDirectory("bare-image");
        Files.copy(Path.of("/bin/busybox"), root.resolve("busybox"));
        String image = "spyhop-test/bare:1";
        Path archive = Files.createTempFile("bare-image", ".tar");
        new ProcessBuilder("tar", "-c", "-f", archive.toString(), "-C", root.toString(), ".")
                .start()
                .onExit()
                .join();
        containers.docker("import", archive.toString(), image);
        Files.delete(archive);
        Files.delete(root.resolve("busybox"));
        Files.delete(root);
        String id =
                containers.run(DockerContainers.NO_NETWORK, image, "/busybox", "httpd", "-f", "-p", "127.0.0.1:8081");

        // When / Then
        ListenReader inside = reader(engine, id);
        await().untilAsserted(() -> assertThat(ports(inside)).containsExactly(8081));
        ListenReader byCommand = reader(elsewhere, id);
        assertThatExceptionOfType(PortException.class)
                .isThrownBy(byCommand::read)
                .matches(e -> e.reason() == PortException.Reason.NO_WAY);
        assertThat(byCommand.way()).isNull();
    }

    @Test
    void shouldBearThousandsOfPorts() {
        // Given
        List<String> arguments = new ArrayList<>(List.of(DockerContainers.NO_NETWORK));
        arguments.addAll(PROGRAMS);
        arguments.addAll(List.of(DockerContainers.IMAGE, "/usr/bin/perl", "-e", MANY));
        String id = containers.run(arguments.toArray(String[]::new));

        // When / Then
        ListenReader inside = reader(engine, id);
        await().untilAsserted(() -> assertThat(inside.read())
                .hasSize(2000)
                .allMatch(socket ->
                        "perl".equals(socket.process()) && Long.valueOf(1).equals(socket.pid())));
        assertThat(inside.read()).isSameAs(inside.read());
        assertThat(reader(elsewhere, id).read()).hasSize(2000);
    }

    @Test
    void shouldLookByTheContainersOwnProgramsWhenItsProcessIsNotToBeSeen() {
        // Given: from inside a container no process of the machine is.
        String id = containers.runScript("httpd -p 8081; exec sleep 1000");

        // When
        ListenReader reader = engine.listeners(id, PID_OF_NOBODY);
        readers.add(reader);

        // Then
        await().untilAsserted(() ->
                assertThat(reader.read()).extracting(ListenSocket::port).containsExactly(8081));
        assertThat(reader.way()).isEqualTo(ListenWay.PROC);
    }

    @Test
    void shouldTellThatALifeHasEnded() {
        // Given
        String id = containers.runScript("httpd -p 8081; exec sleep 1000");
        ListenReader inside = reader(engine, id);
        ListenReader byCommand = reader(elsewhere, id);
        await().until(() -> inside.read().size() == 1);
        long pid = pid(id);

        // When
        containers.docker("kill", id);

        // Then: nobody listens there any more, or it is said that nobody lives
        await().until(() -> !Files.exists(Path.of("/proc/" + pid)));
        assertThat(isEmptyOrGone(inside)).isTrue();
        assertThatExceptionOfType(ContainerGoneException.class).isThrownBy(byCommand::read);
        ListenReader ended = engine.listeners(id, pid);
        readers.add(ended);
        assertThatExceptionOfType(ContainerGoneException.class).isThrownBy(ended::read);
        inside.close();
        assertThatExceptionOfType(ContainerGoneException.class).isThrownBy(inside::read);
        assertThatExceptionOfType(ContainerGoneException.class)
                .isThrownBy(() -> engine.listeners("no such container", null));
    }

    private static boolean isEmptyOrGone(ListenReader reader) {
        try {
            return reader.read().isEmpty();
        } catch (ContainerGoneException e) {
            return true;
        }
    }

    private ListenReader reader(ContainerEngine by, String id) {
        ListenReader reader = by.listeners(id, pid(id));
        readers.add(reader);
        return reader;
    }

    private static List<Integer> ports(ListenReader reader) {
        return reader.read().stream().map(ListenSocket::port).toList();
    }

    private long pid(String id) {
        return engine.inspect(id).map(ContainerDetails::pid).orElseThrow();
    }
}
