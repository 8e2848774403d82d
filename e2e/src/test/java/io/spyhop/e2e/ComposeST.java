package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The images and {@code deploy/compose}: one suite on the real engine for all of these, reached through its one port.
 */
class ComposeST {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int LINES = 1000;

    /** Writes for some seconds, slowly enough that things happen in between. */
    private static final String WRITER =
            "i=0; while [ $i -lt " + LINES + " ]; do i=$((i+1)); echo $i; usleep 5000; done; exec sleep 600";

    private static final Compose COMPOSE = new Compose();
    private static final Containers CONTAINERS = new Containers(Engine.ofThisMachine());

    private final Api api = COMPOSE.api();

    @BeforeAll
    static void start() {
        COMPOSE.start();
    }

    @AfterAll
    static void shouldLeaveNothingWhenItIsTakenDown() {
        try (COMPOSE) {
            CONTAINERS.close();
        }
        assertThat(COMPOSE.leftOvers()).isEmpty();
    }

    @Test
    void shouldReadAndFollowWhenAContainerStarts() {
        // Given
        SseClient.Collected live = new SseClient.Collected();

        // When
        Container writer = CONTAINERS.shell("follow", WRITER);
        String id = api.awaitWorkload(writer.name());
        try (SseClient client = SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", live)) {
            client.awaitLine(LINES + 1L, LONG);
        }

        // Then
        assertThat(Line.messages(live.lines(), "stdout")).isEqualTo(FirstPathST.numbers(1, LINES));
        assertExact(id);
        assertThat(api.json("/api/v1/workloads?limit=1000").findValuesAsText("containerName"))
                .as("Spyhop does not watch itself")
                .noneMatch(name -> COMPOSE.containers().stream()
                        .anyMatch(own -> own.path("Name").asText().equals("/" + name)));
    }

    @Test
    void shouldReadFilesWhenTheEngineKeepsThemOnThisMachine() {
        // Given: only who has the file open before it is removed has this line.
        assertThat(CONTAINERS.runToRemoval("moment", "echo", "hi")).isEmpty();

        // When
        String id = api.awaitWorkload(CONTAINERS.name("moment"));

        // Then
        assertThat(Line.messages(api.awaitSystemLine(id, "worker removed", 1), "stdout"))
                .containsExactly("hi");
        CONTAINERS.shell("quiet", "exec sleep 600");
        await("logs are read from files")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(api.json("/api/v1/hosts")
                                .path("items")
                                .path(0)
                                .path("capture")
                                .path("file")
                                .asInt())
                        .isPositive());
    }

    @Test
    void shouldStayExactWhenLogServiceIsScaled() {
        // Given
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            ids.add(api.awaitWorkload(CONTAINERS.shell("scale-" + i, WRITER).name()));
        }

        // When
        COMPOSE.run("up", "-d", "--no-recreate", "--scale", "log-service=2");

        // Then
        await("two replicas with half of the partitions each")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(COMPOSE.log("log-service")
                                .lines()
                                .filter(row -> row.contains("count=6 Owning partitions"))
                                .map(row -> row.substring(0, row.indexOf(' ')))
                                .distinct())
                        .hasSize(2));
        ids.forEach(this::assertExact);
    }

    @Test
    void shouldReachPortsByUrlWhenItMayEnterNetworks() {
        // Given: nothing but its namespace, and programs of its own, lead there.
        Container container = CONTAINERS.shell(
                "port",
                "mkdir /www; echo well > /www/index.html; exec httpd -f -p 127.0.0.1:8080 -h /www",
                "--label",
                "spyhop.health.port=8080",
                "--label",
                "spyhop.health.path=/index.html",
                "--label",
                "spyhop.health.interval=2s");
        String id = api.awaitWorkload(container.name());
        JsonNode port = awaitPort(id, "proc");
        String host = "Host: " + URI.create(port.path("url").asText()).getAuthority();
        assertThat(answer(host)).startsWith("HTTP/1.1 502 ").contains("cannot be reached", "from where Spyhop runs");
        awaitHealthy(id, "exec");

        // When
        COMPOSE.letInside("port-detector", "health-crash-service");
        try {
            awaitPort(id, "namespace");

            // Then
            await("it is open").atMost(LONG).until(() -> answer(host).startsWith("HTTP/1.1 200 "));
            awaitHealthy(id, "namespace");
            COMPOSE.run("stop", "port-detector");
            assertThat(answer(host)).startsWith("HTTP/1.1 503 ").contains("port-detector");
        } finally {
            COMPOSE.run("up", "-d", "port-detector", "health-crash-service");
            COMPOSE.awaitReady();
        }
    }

    /** All of it, whatever it is. */
    private String answer(String host) {
        try (Socket socket = RawRequest.open(api, "/", host)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitHealthy(String id, String way) {
        await("it is asked for its health by " + way)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(api.json(Api.address(id) + "/health")
                                .path("lastProbe")
                                .toString())
                        .contains("\"ok\":true", "\"way\":\"" + way + "\""));
    }

    /** The one port of a container, once it is found in this way. */
    private JsonNode awaitPort(String id, String way) {
        return await("its port is found by " + way)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> api.get(Api.address(id) + "/ports").json(),
                        ports -> ports.at("/instances/0/way").asText().equals(way)
                                && ports.path("items").size() == 1)
                .at("/items/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "postgres"})
    void shouldStayExactWhenAPartIsRestarted(String part) {
        // Given
        Container writer = CONTAINERS.shell("restart-" + part, WRITER);
        String id = api.awaitWorkload(writer.name());
        SseClient.Collected live = new SseClient.Collected();
        try (SseClient client = SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", live)) {
            client.awaitLine(50, LONG);

            // When
            COMPOSE.run("restart", "-t", "30", part);

            // Then
            client.awaitLine(LINES + 1L, LONG);
        }
        assertThat(Line.messages(live.lines(), "stdout")).isEqualTo(FirstPathST.numbers(1, LINES));
        assertExact(id);
        COMPOSE.awaitReady();
        String late = api.awaitWorkload(
                CONTAINERS.shell("after-" + part, "echo hi; exec sleep 600").name());
        api.awaitLines(late, 2, LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SPYHOP_INTERNAL_SECRET", "SPYHOP_DATABASE_PASSWORD", "SPYHOP_ADMIN_TOKEN"})
    void shouldSaySoWhenASecretIsMissing(String name) {
        // Given
        Map<String, String> without = Map.of(name, "");

        // When
        Shell.Outcome outcome = COMPOSE.tryRun(without, "up", "-d");

        // Then
        assertThat(outcome.exit()).isNotZero();
        assertThat(outcome.err()).contains(name + " must be set");
    }

    @Test
    void shouldBeReachedByTheGatewaysPortAloneWhenItRuns() {
        // Given
        List<JsonNode> all = COMPOSE.containers();

        // When
        List<String> published = all.stream()
                .flatMap(container -> container.path("NetworkSettings").path("Ports").properties().stream())
                .flatMap(port -> IntStream.range(0, port.getValue().size())
                        .mapToObj(i -> port.getValue().get(i)))
                .map(binding -> binding.path("HostIp").asText() + ":"
                        + binding.path("HostPort").asText())
                .toList();

        // Then
        assertThat(published).containsExactly(api.base().getAuthority());
        assertThat(all).hasSizeGreaterThanOrEqualTo(8).allSatisfy(container -> {
            assertThat(container.path("NetworkSettings").path("Networks").size())
                    .isEqualTo(1);
            assertThat(container.path("HostConfig").path("ReadonlyRootfs").asBoolean())
                    .isTrue();
            assertThat(container.path("HostConfig").path("CapDrop").toString()).isEqualTo("[\"ALL\"]");
            assertThat(container.path("HostConfig").path("Memory").asLong()).isPositive();
            String service = container
                    .path("Config")
                    .path("Labels")
                    .path("com.docker.compose.service")
                    .asText();
            boolean usesEngine = List.of(
                            "log-service", "metrics-service", "health-crash-service", "port-detector", "jobs-service")
                    .contains(service);
            assertThat(container.path("Mounts").toString().contains("docker.sock"))
                    .as(service)
                    .isEqualTo(usesEngine);
            assertThat(container.path("Config").path("User").asText())
                    .as(service)
                    .isEqualTo(usesEngine ? "0:0" : "10001:10001");
        });
    }

    /** Every line of a writer is stored, once and in order. */
    private void assertExact(String id) {
        api.awaitLines(id, LINES + 1L, LONG);
        assertThat(Line.messages(api.lines(id), "stdout")).isEqualTo(FirstPathST.numbers(1, LINES));
    }
}
