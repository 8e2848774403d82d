package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerEngineContract;
import io.spyhop.engine.ContainerSpec;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogUnreadableException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DockerEngineIT extends ContainerEngineContract {
    static final URI HOST = URI.create("unix:///var/run/docker.sock");

    /** Does what is written into its pipe. */
    private static final String OBEY = "mkfifo /pipe; while read -r command; do eval \"$command\"; done <>/pipe";

    @SuppressWarnings("NullAway.Init")
    static DockerContainers containers;

    final DockerEngine engine = connect();

    /** Through the API, whose logs all engines have. */
    DockerEngine connect() {
        return DockerEngine.connectWithoutFiles(new EngineAddress(HOST, null));
    }

    @BeforeAll
    static void prepare() {
        containers = new DockerContainers();
    }

    @AfterAll
    static void removeContainers() {
        containers.close();
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    @Override
    protected ContainerEngine engine() {
        return engine;
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }

    @Override
    protected String create(String name, boolean tty) {
        List<String> arguments =
                new ArrayList<>(List.of("--name", name, "--label=team=blue", DockerContainers.NO_NETWORK));
        if (tty) {
            arguments.add("-t");
        }
        arguments.addAll(List.of(DockerContainers.IMAGE, "sh", "-c", OBEY));
        return containers.create(arguments.toArray(String[]::new));
    }

    @Override
    protected void start(String id) {
        containers.docker("start", id);
    }

    @Override
    protected void write(String id, boolean stderr, String line) {
        command("-i", id, "printf '%s\\n' '" + line + "'" + (stderr ? " >&2" : ""));
    }

    @Override
    protected void exit(String id, int code) {
        // Detached, for the container's end may cut off what runs in it.
        command("-d", id, "exit " + code);
        await().until(() -> !engine.inspect(id).orElseThrow().alive());
    }

    @Override
    protected void kill(String id) {
        containers.docker("kill", id);
        await().until(() -> !engine.inspect(id).orElseThrow().alive());
    }

    @Override
    protected void remove(String id) {
        containers.docker("rm", "-f", id);
    }

    @Override
    protected ContainerSpec spec(String name) {
        return new ContainerSpec(
                name,
                DockerContainers.IMAGE,
                List.of(),
                List.of("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done"),
                Map.of(),
                Map.of("team", "blue", DockerContainers.LABEL, containers.label()),
                64L * 1024 * 1024,
                0,
                new ContainerSpec.Restart("unless-stopped", 0),
                null);
    }

    static void command(String mode, String id, String command) {
        containers.docker(
                "exec",
                mode,
                id,
                "sh",
                "-c",
                "until [ -p /pipe ]; do :; done; printf '%s\\n' \"$1\" >/pipe",
                "sh",
                command);
    }

    @Test
    void shouldEndAWaitForEventsOnceWhenTheReaderIsWoken() throws Exception {
        try (EventStream events = engine().events(Instant.now().plusSeconds(3600))) {
            // When
            events.wake();

            // Then
            assertTimeout(
                    Duration.ofSeconds(10),
                    () -> assertThat(events.next(Duration.ofSeconds(20))).isNull());
            assertThat(events.next(Duration.ofMillis(200))).isNull();
        }
    }

    @Test
    void shouldReadLimitsAndPortsWhenTheyAreSet() {
        // Given
        String id = containers.run(
                "--memory=64m",
                "--network=" + containers.network(),
                "-p",
                "127.0.0.1:18431:80",
                "-p",
                "127.0.0.1:18430:81",
                "-p",
                "127.0.0.1:18432:81/udp",
                DockerContainers.IMAGE,
                "sleep",
                "100");

        // When
        ContainerDetails details = engine.inspect(id).orElseThrow();

        // Then
        assertThat(details.memoryLimitBytes()).isEqualTo(64L * 1024 * 1024);
        assertThat(details.publishedPorts()).containsExactly(18430, 18431);
        assertThat(details.image()).isEqualTo(DockerContainers.IMAGE);
    }

    @Test
    void shouldSayUnreadableWhenTheDriverKeepsNothing() {
        // Given
        String id = containers.run(
                "--log-driver=none", DockerContainers.NO_NETWORK, DockerContainers.IMAGE, "sleep", "100");

        // When // Then
        assertThatThrownBy(() -> engine.logs(new LogRequest(id, false, 0, true)))
                .isInstanceOf(LogUnreadableException.class);
    }

    @Test
    void shouldCutALineWhenItIsLongerThanTheLimit() throws Exception {
        // Given
        String id = containers.runScript("head -c 2500000 /dev/zero | tr '\\0' x; echo; echo end");
        await().until(() -> !engine.inspect(id).orElseThrow().alive());

        // When
        List<Line> lines = read(id, false, 0);

        // Then
        assertThat(lines)
                .extracting(line -> line.text().length())
                .containsExactly(
                        LogSink.LINE_BYTES_MAX, LogSink.LINE_BYTES_MAX, 2500000 - 2 * LogSink.LINE_BYTES_MAX, 3);
        assertThat(lines).extracting(Line::partial).containsExactly(true, true, false, false);
    }

    @Test
    void shouldKeepAnUnfinishedLastLineWhenTheContainerExits() throws Exception {
        // Given
        String id = containers.runScript("printf 'no end'; printf 'oops' >&2");
        await().until(() -> !engine.inspect(id).orElseThrow().alive());

        // When
        List<Line> lines = read(id, false, 0);

        // Then
        assertThat(lines).extracting(Line::text).containsExactlyInAnyOrder("no end", "oops");
    }

    @Test
    void shouldFollowManyLogsAtOnceAndEndThemAllWhenClosed() throws Exception {
        // Given
        int count = 250;
        String id = containers.runScript("echo ready; exec sleep 1000");
        List<CompletableFuture<Void>> readings = new ArrayList<>();
        List<Line> lines = new CopyOnWriteArrayList<>();
        for (int i = 0; i < count; i++) {
            LogStream log = engine.logs(new LogRequest(id, false, 0, true));
            readings.add(read(log, lines));
        }
        EventStream events = engine.events(Instant.now());
        await().until(() -> lines.size() == count);
        assertThat(engine.version().product()).isEqualTo("Docker");

        // When
        engine.close();

        // Then
        CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new)).get(5, TimeUnit.SECONDS);
        assertThatThrownBy(() -> events.next(java.time.Duration.ofSeconds(2)))
                .isInstanceOf(io.spyhop.engine.EngineException.class);
        assertThatThrownBy(engine::version).isInstanceOf(io.spyhop.engine.EngineException.class);
    }
}
