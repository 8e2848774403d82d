package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerSpec;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.PortTakenException;
import io.spyhop.engine.RegistryLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract leaves to the engine itself. */
class DockerControlIT {
    private final DockerContainers containers = new DockerContainers();
    private final DockerEngine engine = DockerEngine.connect(DockerEngineIT.HOST);
    private final ContainerControl control = engine.control();

    @AfterEach
    void remove() {
        containers.close();
        engine.close();
    }

    @Test
    void shouldMakeWhatTheSpecSays() throws IOException {
        // Given
        int port = freePort();
        ContainerSpec spec = spec(
                List.of("sh", "-c"),
                List.of("echo \"$GREETING $1\"; sleep 100"),
                new ContainerSpec.PublishedPort("127.0.0.1", port, 8080));

        // When
        String id = control.create(spec);
        control.start(id);

        // Then
        ContainerDetails details = engine.inspect(id).orElseThrow();
        assertThat(details.publishedPorts()).containsExactly(port);
        assertThat(details.memoryLimitBytes()).isEqualTo(32L * 1024 * 1024);
        await().until(() -> containers.docker("logs", id).equals("hello = world"));
        assertThat(containers.docker(
                        "inspect",
                        "-f",
                        "{{.HostConfig.NanoCpus}} {{.HostConfig.RestartPolicy.Name}} {{.Config.Image}}",
                        id))
                .isEqualTo("500000000 unless-stopped " + DockerContainers.IMAGE);
    }

    @Test
    void shouldTellThatAPortIsTakenWhenSomethingElseListensOnIt() throws IOException {
        // Given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String id = control.create(spec(
                    List.of(),
                    List.of("sleep", "100"),
                    new ContainerSpec.PublishedPort("127.0.0.1", other.getLocalPort(), 80)));

            // When // Then
            assertThatThrownBy(() -> control.start(id)).isInstanceOf(PortTakenException.class);
        }
    }

    @Test
    void shouldRefuseToStartWhenTheCommandIsMissing() {
        // Given
        String id = control.create(spec(List.of(), List.of("no-such-command"), null));

        // When // Then
        assertThatThrownBy(() -> control.start(id))
                .isInstanceOf(EngineRefusedException.class)
                .hasMessageContaining("no-such-command");
    }

    @Test
    void shouldNotBeRestartedWhenItWasTold() {
        // Given
        String id = control.create(spec(List.of(), List.of("sleep", "100"), null));
        control.start(id);

        // When
        control.signal(id, 9);

        // Then
        await().until(() -> !engine.inspect(id).orElseThrow().alive());
        assertThat(engine.inspect(id).orElseThrow().state()).isEqualTo("exited");
        assertThat(engine.inspect(id).orElseThrow().restartCount()).isZero();
    }

    @Test
    void shouldTellWhyWhenAnImageCannotBePulled() {
        // Given
        List<String> progress = new ArrayList<>();

        // When // Then: nothing listens there
        assertThatThrownBy(() -> control.pull("127.0.0.1:1/spyhop-test/nothing", null, progress::add))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("127.0.0.1:1");
        assertThatThrownBy(() -> control.pull("../../containers", null, progress::add))
                .isInstanceOf(EngineRefusedException.class);
    }

    @Test
    void shouldHaveAnImageWhenItWasPulled() throws Exception {
        try (FakeRegistry registry = new FakeRegistry()) {
            // Given
            String image = registry.image("spyhop-test/pulled");
            List<String> progress = new CopyOnWriteArrayList<>();

            // When
            control.pull(image, null, progress::add);

            // Then
            assertThat(control.image(image).orElseThrow().exposedPorts()).containsExactly(8080);
            assertThat(progress).anyMatch(text -> text.startsWith("latest Pulling from spyhop-test/pulled"));
            assertThat(progress).anyMatch(text -> text.endsWith("Pull complete"));
            assertThatThrownBy(() -> control.pull(image + ":none", null, progress::add))
                    .isInstanceOf(EngineRefusedException.class);
            containers.docker("rmi", image);
        }
    }

    @Test
    void shouldShowTheRegistryALoginWhenItWantsOne() throws Exception {
        try (FakeRegistry registry = new FakeRegistry("team:p:w")) {
            // Given
            String image = registry.image("spyhop-test/guarded");

            // When // Then
            assertThatThrownBy(() -> control.pull(image, null, text -> {}))
                    .isInstanceOf(EngineException.class)
                    .hasMessageNotContaining("p:w");
            assertThatThrownBy(
                            () -> control.pull(image, new RegistryLogin("127.0.0.1", "team", "wrong", ""), text -> {}))
                    .isInstanceOf(EngineException.class)
                    .hasMessageNotContaining("wrong");
            assertThat(control.image(image)).isEmpty();

            // When
            control.pull(image, new RegistryLogin("127.0.0.1", "team", "p:w", ""), text -> {});

            // Then
            assertThat(control.image(image)).isPresent();
            containers.docker("rmi", image);
        }
    }

    private ContainerSpec spec(
            List<String> entrypoint, List<String> command, ContainerSpec.@Nullable PublishedPort port) {
        return new ContainerSpec(
                "spyhop-test-" + UUID.randomUUID(),
                DockerContainers.IMAGE,
                entrypoint,
                command,
                Map.of("GREETING", "hello = world"),
                Map.of(DockerContainers.LABEL, containers.label()),
                32L * 1024 * 1024,
                0.5,
                new ContainerSpec.Restart("unless-stopped", 0),
                port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
