package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a container writes can be listed, read, followed and resumed, under every address, and outlives the container. */
@ExtendWith(Shared.class)
class FirstPathST {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Api api;
    private final Containers containers;

    FirstPathST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldShowWorkloadAndItsLinesWhenContainerRuns() {
        // Given
        Container container = containers.shell("plain", "echo one; echo two; echo three; exec sleep 600");

        // When
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 4, SOON);

        // Then
        JsonNode detail = api.json(Api.address(id));
        assertThat(detail.path("id").asText()).isEqualTo(id);
        assertThat(detail.path("name").asText()).isEqualTo(container.name());
        assertThat(detail.path("kind").asText()).isEqualTo("container");
        assertThat(detail.path("org").asText()).isEqualTo("default");
        assertThat(detail.path("status").asText()).isEqualTo("running");
        assertThat(detail.path("containerId").asText()).isEqualTo(container.id());
        assertThat(detail.path("image").asText()).isEqualTo(Containers.IMAGE);
        assertThat(detail.path("instances")).hasSize(1);
        List<Line> lines = api.lines(id);
        assertThat(lines).extracting(Line::message).containsExactly("worker started", "one", "two", "three");
        assertThat(lines).extracting(Line::stream).containsExactly("system", "stdout", "stdout", "stdout");
        assertThat(lines).extracting(Line::level).containsExactly("system", "info", "info", "info");
    }

    @Test
    void shouldServeTailAndPagesWhenAskedForParts() {
        // Given
        Container container = containers.shell("parts", "seq 1 1000; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        String address = Api.address(id);
        api.awaitLines(id, 1001, SOON);

        // When
        Api.Page tail = api.page(address, "tail=3");
        Api.Page page = api.page(address, "since=100&limit=5");
        Api.Page newest = api.page(address, "limit=2");
        Api.Page beyond = api.page(address, "since=1001&limit=5");

        // Then
        assertThat(tail.items()).extracting(Line::message).containsExactly("998", "999", "1000");
        assertThat(tail.through()).isEqualTo(1001);
        assertThat(page.items()).extracting(Line::lineNo).containsExactly(101L, 102L, 103L, 104L, 105L);
        assertThat(page.items()).extracting(Line::message).containsExactly("100", "101", "102", "103", "104");
        assertThat(page.through()).isEqualTo(105);
        assertThat(newest.items()).extracting(Line::message).containsExactly("999", "1000");
        assertThat(beyond.items()).isEmpty();
    }

    @Test
    void shouldStreamHistoryThenLiveLinesWhenFollowed() {
        // Given
        Container container = containers.shell(
                "live", "seq 1 500; while [ ! -f /go ]; do usleep 20000; done; seq 501 1000; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 501, SOON);
        SseClient.Collected collected = new SseClient.Collected();

        // When
        try (SseClient sse = SseClient.once(api, Api.address(id) + "/logs/stream?since=0", collected)) {
            sse.awaitLine(501, SOON);
            containers.touch(container, "/go");
            sse.awaitLine(1001, SOON);

            // Then
            assertThat(sse.response().headers().firstValue("X-Accel-Buffering")).hasValue("no");
            assertThat(sse.response().headers().firstValue("Cache-Control").orElse(""))
                    .contains("no-transform");
        }
        assertThat(Line.messages(collected.lines(), "stdout")).isEqualTo(numbers(1, 1000));
        assertThat(collected.lines()).isEqualTo(api.lines(id));
    }

    @Test
    void shouldResumeStrictlyAfterWhenLastEventIdIsSent() {
        // Given
        Container container = containers.shell("resume", "seq 1 100; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 101, SOON);
        SseClient.Collected tail = new SseClient.Collected();
        SseClient.Collected since = new SseClient.Collected();

        // When
        try (SseClient one = SseClient.once(api, Api.address(id) + "/logs/stream?tail=10", tail);
                SseClient two = SseClient.once(api, Api.address(id) + "/logs/stream?since=97", since)) {
            one.awaitLine(101, SOON);
            two.awaitLine(101, SOON);
        }
        SseClient.Collected resumed = new SseClient.Collected();
        try (SseClient three = SseClient.resume(api, Api.address(id) + "/logs/stream?since=0", "99", resumed)) {
            three.awaitLine(101, SOON);
        }

        // Then
        assertThat(tail.lines()).extracting(Line::lineNo).startsWith(92L).hasSize(10);
        assertThat(since.lines()).extracting(Line::lineNo).containsExactly(98L, 99L, 100L, 101L);
        assertThat(resumed.lines()).extracting(Line::lineNo).containsExactly(100L, 101L);
    }

    @Test
    void shouldSendTheSameLinesWhenFollowedOverWebSocket() {
        // Given
        Container container = containers.shell(
                "socket", "seq 1 300; while [ ! -f /go ]; do usleep 20000; done; seq 301 600; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 301, SOON);

        // When
        List<Line> lines;
        try (WebSocketClient socket = new WebSocketClient(
                api, Api.address(id) + "/logs/ws?since=0", api.base().toString())) {
            socket.awaitLines(301);
            containers.touch(container, "/go");
            lines = socket.awaitLines(601);
        }

        // Then
        assertThat(lines).isEqualTo(api.lines(id));
    }

    static Stream<Arguments> addresses() {
        return Stream.of(
                Arguments.of(
                        "worker",
                        Map.of("spyhop.org", "acme", "spyhop.project", "shop-%s", "spyhop.worker", "mail"),
                        "/api/orgs/acme/projects/shop-%s/workers/mail"),
                Arguments.of(
                        "service",
                        Map.of("spyhop.org", "acme", "spyhop.deployment", "web-%s", "spyhop.service", "api"),
                        "/api/orgs/acme/deployments/web-%s/services/api"),
                Arguments.of("deployment", Map.of("spyhop.deployment", "dep-%s"), "/api/deployments/dep-%s"),
                Arguments.of("app", Map.of("spyhop.app", "app-%s"), "/api/v1/apps/app-%s"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void shouldAnswerUnderAliasWhenLabelsNameIt(String kind, Map<String, String> labels, String pattern) {
        // Given
        String unique = containers.name("").substring(3, 11);
        String[] options = new TreeMap<>(labels)
                .entrySet().stream()
                        .flatMap(label -> Stream.of(
                                "--label",
                                label.getKey() + "=" + label.getValue().formatted(unique)))
                        .toArray(String[]::new);
        Container container = containers.shell("alias-" + kind, "seq 1 50; exec sleep 600", options);
        String alias = pattern.formatted(unique);
        await("alias")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(api.get(alias).status()).isEqualTo(200));

        // When
        JsonNode detail = api.json(alias);
        String id = detail.path("id").asText();
        api.awaitLines(id, 51, SOON);
        Api.Page page = api.page(alias, "since=0&limit=100");
        SseClient.Collected collected = new SseClient.Collected();
        try (SseClient sse = SseClient.once(api, alias + "/logs/stream?since=0", collected)) {
            sse.awaitLine(51, SOON);
        }
        List<Line> socketLines;
        try (WebSocketClient socket =
                new WebSocketClient(api, alias + "/logs/ws?since=0", api.base().toString())) {
            socketLines = socket.awaitLines(51);
        }

        // Then
        assertThat(detail.path("kind").asText()).isEqualTo(kind);
        assertThat(detail.path("containerId").asText()).isEqualTo(container.id());
        assertThat(page.items()).isEqualTo(api.lines(id)).hasSize(51);
        assertThat(collected.lines()).isEqualTo(page.items());
        assertThat(socketLines).isEqualTo(page.items());
    }

    @Test
    void shouldStreamWholeAppLogWhenAppLogsAreAskedAsEventStream() {
        // Given
        String unique = containers.name("").substring(3, 11);
        Container container = containers.shell(
                "app-stream",
                "while [ ! -f /go ]; do usleep 20000; done; seq 1 100",
                "--label",
                "spyhop.app=stream-" + unique);
        String address = "/api/v1/apps/stream-" + unique;
        await("app")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(api.get(address).status()).isEqualTo(200));
        String id = api.json(address).path("id").asText();
        api.awaitLines(id, 1, SOON);
        SseClient.Collected collected = new SseClient.Collected();

        // When
        try (SseClient sse = SseClient.once(api, address + "/logs", collected)) {
            containers.touch(container, "/go");
            sse.awaitEnd(SOON);
        }

        // Then
        assertThat(Line.messages(collected.lines(), "stdout")).isEqualTo(numbers(1, 100));
        assertThat(collected.lines().getLast().message()).isEqualTo("worker exited");
    }

    @Test
    void shouldKeepLinesWhenContainerIsRemoved() {
        // Given
        Container container = containers.shell("removed", "seq 1 200; echo oops >&2; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 202, SOON);

        // When
        containers.remove(container);
        List<Line> lines = api.awaitSystemLine(id, "worker removed", 1);

        // Then
        assertThat(Line.messages(lines, "stdout")).isEqualTo(numbers(1, 200));
        assertThat(Line.messages(lines, "stderr")).containsExactly("oops");
        assertThat(lines.stream().filter(line -> line.stream().equals("stderr")))
                .extracting(Line::level)
                .containsExactly("stderr");
        assertThat(lines.getFirst().message()).isEqualTo("worker started");
        assertThat(lines.getLast().message()).isEqualTo("worker removed");
        await("removed")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(
                                api.json(Api.address(id)).path("status").asText())
                        .isEqualTo("removed"));
        assertThat(api.find(container.name())).as("still in the list").isPresent();
    }

    static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }
}
