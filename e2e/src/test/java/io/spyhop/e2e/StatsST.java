package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Api.Answer;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a container uses, now and over time, in every way that it is asked for. */
@ExtendWith(Shared.class)
class StatsST {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Api api;
    private final Containers containers;

    /** No other test, and no earlier run, has it. */
    private final String org = "o" + UUID.randomUUID().toString().substring(0, 8);

    StatsST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldTellWhatAContainerUsesWhileItRunsAndWhatItUsedAfterwards() {
        // Given
        Container container = containers.shell(
                "burn",
                "while :; do :; done",
                "--cpus",
                "0.4",
                "--memory",
                "64m",
                "--label",
                "spyhop.org=" + org,
                "--label",
                "spyhop.metrics.interval=1s");
        String id = api.awaitWorkload(container.name());
        String address = Api.address(id);

        // When
        await("figures with a share of CPU")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> api.get(address + "/stats"), answer -> hasCpu(answer));
        Instant asked = Instant.now();
        JsonNode stats = api.json(address + "/stats");

        // Then
        isPlausible(stats);
        assertThat(Instant.parse(stats.path("sampledAt").asText())).isAfterOrEqualTo(asked.minusSeconds(2));
        streams(address);
        stores(address, id);
        compares(id);
        isFor(org, id, container.id());
        hidesFrom("not-" + org, address, container.id());
        stops(container, address, id);
    }

    private static boolean hasCpu(Answer answer) {
        return answer.status() == 200 && answer.json().path("cpuPct").asDouble() > 1;
    }

    private static void isPlausible(JsonNode stats) {
        assertThat(stats.path("cpuPct").asDouble())
                .as("0.4 of a core, on a busy machine")
                .isBetween(2.0, 60.0);
        assertThat(stats.path("memLimitMb").asDouble()).isEqualTo(64);
        assertThat(stats.path("memLimited").asBoolean()).isTrue();
        assertThat(stats.path("memUsedMb").asDouble()).isBetween(0.01, 32.0);
        assertThat(stats.path("memPct").asDouble())
                .isCloseTo(100 * stats.path("memUsedMb").asDouble() / 64, within(0.1));
        assertThat(stats.path("pids").asLong()).isBetween(1L, 3L);
        assertThat(stats.path("instances")).hasSize(1);
        JsonNode instance = stats.path("instances").path(0);
        assertThat(instance.path("index").asInt()).isZero();
        assertThat(instance.path("way").asText()).isIn("kernel", "api");
        assertThat(instance.path("cpuPct").asDouble())
                .isEqualTo(stats.path("cpuPct").asDouble());
    }

    private void streams(String address) {
        try (EventsClient client = new EventsClient(api, address + "/stats/stream")) {
            int first = client.events().size();
            await("three frames in five seconds")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> client.events().size() >= first + 3);
            assertThat(client.types()).containsOnly("message");
            List<String> times = new ArrayList<>();
            client.events()
                    .forEach(event -> times.add(event.data().path("sampledAt").asText()));
            assertThat(times).as("each is a new measurement").doesNotHaveDuplicates();
            assertThat(client.events().getLast().data().path("cpuPct").asDouble())
                    .isBetween(2.0, 60.0);
        }
    }

    private void stores(String address, String id) {
        await("stored samples")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    JsonNode samples = api.json(address + "/metrics?step=raw&from=10m&limit=1000")
                            .path("items");
                    assertThat(samples.size()).isGreaterThanOrEqualTo(3);
                    assertThat(samples.path(1).path("deploymentId").asText()).isEqualTo(id);
                    assertThat(samples.path(1).path("memLimitMb").asDouble()).isEqualTo(64);
                });
        JsonNode page = api.json(address + "/metrics?step=raw&from=10m&limit=2");
        assertThat(page.path("items")).hasSize(2);
        JsonNode next = api.json(address + "/metrics?step=raw&from=10m&limit=2&cursor="
                + Api.encode(page.path("next").asText()));
        assertThat(next.path("items").path(0).path("sampledAt").asText())
                .isGreaterThan(page.path("items").path(1).path("sampledAt").asText());
        await("a point of CPU")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    JsonNode figures = api.json(address + "/metrics?from=10m&step=10s");
                    assertThat(figures.path("step").asText()).isNotEmpty();
                    JsonNode cpu = series(figures, "cpuPct");
                    assertThat(cpu.path("unit").asText()).isEqualTo("percent");
                    assertThat(cpu.path("points")).isNotEmpty();
                    assertThat(cpu.path("points").path(0).path(1).asDouble()).isBetween(0.0, 60.0);
                });
    }

    private void compares(String id) {
        JsonNode top = api.json("/api/v1/metrics/top?limit=100&org=" + org).path("items");
        assertThat(top).hasSize(1);
        assertThat(top.path(0).path("workload").asText()).isEqualTo(id);
        JsonNode sums = api.json("/api/v1/metrics/aggregate?group=org&from=10m&org=" + org);
        assertThat(series(sums, "cpuPct").path("group").asText()).isEqualTo(org);
    }

    private void isFor(String mine, String id, String container) {
        Api limited = mint(mine);
        String text = limited.get("/metrics").body();
        assertThat(text)
                .contains("container_cpu_usage_seconds_total{id=\"" + container, "workload=\"" + id + "\"")
                .doesNotContain("jvm_");
        assertThat(text.lines().filter(line -> line.startsWith("container_spec_memory_limit_bytes{")))
                .as("nothing else is of this org")
                .singleElement()
                .asString()
                .endsWith(" 67108864");
        assertThat(api.get("/metrics").body()).contains(container, "jvm_memory_used_bytes");
        api.as(null).get("/metrics").isProblem(401, "token-missing");
    }

    private void hidesFrom(String other, String address, String container) {
        Api foreign = mint(other);
        for (String path : List.of("/stats", "/stats/stream", "/metrics", "/metrics?step=raw")) {
            foreign.get(address + path).isProblem(404, "workload-unknown");
        }
        assertThat(foreign.get("/metrics").body()).doesNotContain(container);
        assertThat(foreign.json("/api/v1/metrics/top?org=" + org).path("items")).isEmpty();
        assertThat(foreign.json("/api/v1/metrics/aggregate?group=org&from=10m").path("series"))
                .isEmpty();
    }

    private void stops(Container container, String address, String id) {
        try (EventsClient client = new EventsClient(api, address + "/stats/stream")) {
            containers.kill(container);
            await("it says that nothing runs")
                    .atMost(SOON)
                    .until(() -> client.types().contains("idle"));
        }
        await("nothing runs")
                .atMost(SOON)
                .untilAsserted(() -> api.get(address + "/stats").isProblem(503, "nothing-runs"));
        assertThat(series(api.json(address + "/metrics?from=10m"), "cpuPct").path("points"))
                .isNotEmpty();
        await("it is no longer scraped")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> !api.get("/metrics").body().contains("workload=\"" + id + "\""));
    }

    private static JsonNode series(JsonNode figures, String name) {
        for (JsonNode series : figures.path("series")) {
            if (series.path("name").asText().equals(name)) {
                return series;
            }
        }
        throw new AssertionError("no series " + name + ": " + figures);
    }

    private Api mint(String of) {
        Answer answer = api.send(
                "POST",
                "/api/v1/tokens",
                Map.of("name", "e2e-" + UUID.randomUUID(), "role", "viewer", "orgs", List.of(of)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return api.as(answer.json().path("token").asText());
    }
}
