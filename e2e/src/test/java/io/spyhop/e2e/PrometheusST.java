package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes Spyhop. */
@ExtendWith(Shared.class)
class PrometheusST {
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Api api;
    private final Containers containers;

    @TempDir
    Path directory;

    PrometheusST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
        assertThat(PROMETHEUS)
                .as("./spyhop test installs it; on Debian by hand: apt-get install --no-install-recommends prometheus")
                .isExecutable();
    }

    @Test
    void shouldBeScrapedWithoutComplaintWhenPrometheusHasAToken() throws IOException, InterruptedException {
        // Given
        Container container = containers.shell("scraped", "exec sleep 600", "--label", "spyhop.metrics.interval=1s");
        String id = api.awaitWorkload(container.name());
        Api prometheus = new Api(URI.create("http://127.0.0.1:" + freePort()), null);
        Process process = start(prometheus.base());
        try {
            // Then
            await("the container is seen")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                    .untilAsserted(() -> {
                        JsonNode found =
                                query(prometheus, "container_memory_working_set_bytes{workload=\"" + id + "\"}");
                        assertThat(found).hasSize(1);
                        JsonNode labels = found.path(0).path("metric");
                        assertThat(labels.path("name").asText()).isEqualTo(container.name());
                        assertThat(labels.path("id").asText()).isEqualTo(container.id());
                    });
            JsonNode targets = prometheus.json("/api/v1/targets").path("data").path("activeTargets");
            assertThat(targets).hasSize(1);
            assertThat(targets.path(0).path("health").asText())
                    .as(targets.toString())
                    .isEqualTo("up");
            assertThat(targets.path(0).path("lastError").asText()).isEmpty();
            assertThat(query(prometheus, "jvm_memory_used_bytes")).isNotEmpty();
            for (String cost : List.of(
                    "process_cpu_time_ns_total",
                    "spyhop_engine_requests_total",
                    "spyhop_metrics_slot_lag_seconds_count")) {
                await(cost)
                        .atMost(SOON)
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() ->
                                assertThat(query(prometheus, cost + " > 0")).hasSize(1));
            }
            JsonNode type = prometheus
                    .json("/api/v1/metadata?metric=container_cpu_usage_seconds")
                    .path("data");
            assertThat(type.findValuesAsText("type")).containsOnly("counter");
        } finally {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void shouldFindNothingToMendInWhatContainersAreWrittenAs() throws IOException {
        // Given
        Container container = containers.shell("linted", "exec sleep 600");
        String id = api.awaitWorkload(container.name());
        String text = await("counters")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> api.get("/metrics").body(), body -> body.contains("workload=\"" + id + "\""));
        Path file = directory.resolve("containers.txt");
        Files.write(
                file,
                text.lines()
                        .filter(line -> line.matches("(# (HELP|TYPE) )?container_.*"))
                        .toList());

        // When
        Shell.Outcome outcome = Shell.run(List.of("sh", "-c", "/usr/bin/promtool check metrics <" + file), Map.of());

        // Then
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
    }

    private Process start(URI address) throws IOException {
        Path token = directory.resolve("token");
        Files.writeString(token, String.valueOf(api.token()));
        Path configuration = directory.resolve("prometheus.yml");
        Files.writeString(configuration, """
                scrape_configs:
                  - job_name: spyhop
                    scrape_interval: 2s
                    scrape_timeout: 2s
                    authorization:
                      credentials_file: %s
                    static_configs:
                      - targets: ["%s"]
                """.formatted(token, api.base().getAuthority()));
        return new ProcessBuilder(
                        PROMETHEUS.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + address.getAuthority())
                .redirectErrorStream(true)
                .redirectOutput(Spyhop.work().resolve("prometheus.log").toFile())
                .start();
    }

    private static JsonNode query(Api prometheus, String query) {
        return prometheus
                .json("/api/v1/query?query=" + Api.encode(query))
                .path("data")
                .path("result");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
