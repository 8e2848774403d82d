package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.CloneChanges;
import io.spyhop.engine.CloneContract;
import io.spyhop.engine.ContainerClone;
import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerSpec;
import io.spyhop.engine.ContainerTemplate;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineRefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of a container another one takes, and what not. */
class DockerCloneIT extends CloneContract {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final DockerContainers containers = new DockerContainers();
    private final DockerEngine engine = DockerEngine.connect(DockerEngineIT.HOST);
    private final ContainerControl control = engine.control();

    @AfterEach
    void remove() {
        containers.close();
        engine.close();
    }

    @Override
    protected ContainerEngine engine() {
        return engine;
    }

    @Override
    protected ContainerSpec spec(String name) {
        return new ContainerSpec(
                name,
                DockerContainers.IMAGE,
                List.of(),
                List.of("sleep", "1"),
                Map.of(),
                labels(),
                0,
                0,
                new ContainerSpec.Restart("no", 0),
                null);
    }

    @Override
    protected Map<String, String> labels() {
        return Map.of(DockerContainers.LABEL, containers.label());
    }

    @Test
    void shouldRunAsTheServiceDoesWhenItIsMadeLikeIt() throws Exception {
        // Given
        String network = containers.network();
        String service = containers.run(
                "--network=" + network,
                "--network-alias=web",
                "--env=KEPT=yes",
                "--env=CHANGED=before",
                "--user=1234:1234",
                "--volume=/data",
                "--tmpfs=/scratch:size=1m",
                "--memory=64m",
                "--cap-drop=ALL",
                "--ulimit=nofile=333",
                "--add-host=database:10.1.2.3",
                "--workdir=/tmp",
                "--init",
                DockerContainers.IMAGE,
                "sleep",
                "1000");

        // When
        ContainerClone clone = clone(
                template(service),
                null,
                List.of(
                        "sh",
                        "-c",
                        "echo $KEPT $CHANGED $(id -u) $(pwd) $(ulimit -n); cat /etc/hosts; mount; grep Cap /proc/1/status"),
                Map.of("CHANGED", "after"));
        String output = output(clone);

        // Then
        assertThat(output)
                .contains("yes after 1234 /tmp 333")
                .contains("10.1.2.3")
                .contains(" /scratch ");
        assertThat(output).contains("CapEff:\t0000000000000000");
        assertThat(clone.envKeys()).contains("KEPT", "CHANGED");
        String volume = "{{range .Mounts}}{{if eq .Destination \"/data\"}}{{.Name}}{{end}}{{end}}";
        assertThat(inspect(clone.id(), volume)).isNotEmpty().isEqualTo(inspect(service, volume));
        assertThat(inspect(clone.id(), "{{.HostConfig.Memory}} {{.HostConfig.Init}} {{.HostConfig.NetworkMode}}"))
                .isEqualTo("67108864 true " + network);
    }

    @Test
    void shouldNotBeTakenForTheServiceWhenItIsMadeLikeIt() throws Exception {
        // Given
        String network = containers.network();
        String service = containers.run(
                "--network=" + network,
                "--network-alias=web",
                "--hostname=the-service",
                "--publish=127.0.0.1::80",
                "--restart=always",
                "--health-cmd=true",
                "--label=com.docker.compose.project=shop",
                "--label=com.docker.compose.service=web",
                "--label=spyhop.org=acme",
                "--label=team=blue",
                "--log-opt=max-size=10k",
                "--tty",
                DockerContainers.IMAGE,
                "sleep",
                "1000");

        // When
        ContainerClone clone = clone(template(service), null, List.of("hostname"), Map.of());

        // Then
        assertThat(output(clone)).isEqualTo(clone.id().substring(0, 12));
        assertThat(inspect(
                        clone.id(),
                        "{{len .HostConfig.PortBindings}} {{.HostConfig.RestartPolicy.Name}} "
                                + "{{.HostConfig.AutoRemove}} {{.Config.Healthcheck.Test}} {{.Config.Tty}}"))
                .isEqualTo("0 no false [NONE] false");
        assertThat(engine.inspect(clone.id()).orElseThrow().labels())
                .containsEntry("team", "blue")
                .containsEntry("spyhop.run", "mine")
                .doesNotContainKeys("spyhop.org", "com.docker.compose.project", "com.docker.compose.service");
        assertThat(inspect(clone.id(), "{{range .NetworkSettings.Networks}}{{.Aliases}}{{end}}"))
                .doesNotContain("web");
        assertThat(inspect(clone.id(), "{{.HostConfig.LogConfig.Type}}")).isEqualTo("json-file");
        assertThat(inspect(clone.id(), "{{index .HostConfig.LogConfig.Config \"max-file\"}}"))
                .isEqualTo("1");
    }

    @Test
    void shouldKeepTheEntrypointForArgumentsAndReplaceItForALine() throws Exception {
        // Given
        String service = containers.create(
                DockerContainers.NO_NETWORK, "--entrypoint=echo", DockerContainers.IMAGE, "from", "the", "service");

        // When
        ContainerClone arguments = clone(template(service), null, List.of("an", "argument"), Map.of());
        ContainerClone line =
                clone(template(service), List.of("/bin/sh", "-c"), List.of("echo a line; exit 7"), Map.of());

        // Then
        assertThat(output(arguments)).isEqualTo("an argument");
        assertThat(output(line)).isEqualTo("a line");
        assertThat(engine.inspect(line.id()).orElseThrow().exitCode()).isEqualTo(7);
    }

    @Test
    void shouldBeInAllNetworksWhenTheServiceIs() throws Exception {
        // Given
        String first = containers.network();
        String second = first + "-2";
        containers.docker("network", "create", "--label=" + DockerContainers.LABEL + "=" + containers.label(), second);
        String service = containers.create("--network=" + first, DockerContainers.IMAGE, "sleep", "1000");
        containers.docker("network", "connect", second, service);

        // When
        ContainerClone clone = clone(template(service), null, List.of("ip", "address"), Map.of());

        // Then
        assertThat(output(clone)).contains("eth0", "eth1");
        assertThat(inspect(clone.id(), "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"))
                .contains(first, second);
    }

    @Test
    void shouldSayWhyWhenItCannotBeStarted() throws Exception {
        // Given
        String network = containers.network();
        String service = containers.create("--network=" + network, DockerContainers.IMAGE, "sleep", "1000");
        ContainerTemplate template = template(service);
        ContainerClone missing = clone(template, null, List.of("no-such-command"), Map.of());
        containers.docker("rm", service);

        // When // Then
        assertThatThrownBy(() -> control.start(missing.id()))
                .isInstanceOf(EngineRefusedException.class)
                .hasMessageContaining("no-such-command");
        assertThat(engine.inspect(missing.id()).orElseThrow().exitCode()).isEqualTo(127);
        containers.docker("rm", missing.id());
        containers.docker("network", "rm", network);
        assertThatThrownBy(() -> control.start(
                        clone(template, null, List.of("true"), Map.of()).id()))
                .isInstanceOf(EngineRefusedException.class)
                .hasMessageContaining(network);
    }

    private ContainerTemplate template(String container) {
        return control.template(container).orElseThrow();
    }

    private ContainerClone clone(
            ContainerTemplate template,
            @Nullable List<String> entrypoint,
            List<String> command,
            Map<String, String> env) {
        Map<String, String> labels = new HashMap<>(labels());
        labels.put("spyhop.run", "mine");
        return control.createLike(
                template,
                new CloneChanges(
                        "spyhop-clone-" + UUID.randomUUID(),
                        template.imageId(),
                        false,
                        entrypoint,
                        command,
                        env,
                        null,
                        labels));
    }

    private String output(ContainerClone clone) throws InterruptedException {
        control.start(clone.id());
        assertThat(control.awaitEnd(clone.id(), LONG)).isTrue();
        // The engine reads the last of it after the end.
        await().until(() -> !containers.docker("logs", clone.id()).isEmpty());
        return containers.docker("logs", clone.id());
    }

    private String inspect(String id, String format) {
        return containers.docker("inspect", "-f", format, id);
    }
}
