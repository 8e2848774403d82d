package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.e2e.Containers.Container;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process for each service: started with one command, readable, ended in order, and picked up after a kill. */
class SplitST {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final List<String> PARTS = List.of(
            "broker",
            "database",
            "gateway-0",
            "health-crash-service-0",
            "jobs-service-0",
            "log-service-0",
            "metrics-service-0",
            "port-detector-0");

    private final Containers containers = new Containers(Engine.ofThisMachine());
    private final Spyhop spyhop = Spyhop.split("split", Engine.ofThisMachine());
    private final Api api = spyhop.api();

    @AfterEach
    void end() {
        try (containers) {
            spyhop.close();
        }
    }

    @Test
    void shouldServeLogsAndStartAgainWhenPartsOrAllOfItAreKilled() throws Exception {
        // Given
        Container container = containers.shell(
                "whole",
                "seq 1 1000; while [ ! -f /go ]; do usleep 20000; done; seq 1001 2000; exec sleep 600",
                "--label",
                "spyhop.metrics.interval=1s");

        // When
        spyhop.start();

        // Then
        assertThat(PARTS)
                .allSatisfy(part -> assertThat(spyhop.pid(part)).as(part).isPresent());
        String log = Files.readString(spyhop.log(), StandardCharsets.UTF_8);
        assertThat(log.lines().filter(row -> !row.isBlank()))
                .allMatch(row -> row.matches("[a-z0-9-]+ +\\| .*|Spyhop is up\\. .*|The admin token is in .*"));
        assertThat(log).contains("Sign in once with http://127.0.0.1:");
        assertThat(log).doesNotContain(spyhop.token());
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 1001, LONG);

        // When: what holds the others together is killed; they go on, and the next start ends them.
        long orphan = spyhop.pid("log-service-0").orElseThrow();
        spyhop.kill9();
        containers.touch(container, "/go");
        spyhop.start();

        // Then
        await("the former processes are gone")
                .atMost(LONG)
                .until(() -> ProcessHandle.of(orphan).isEmpty());
        api.awaitLines(id, 2001, LONG);
        assertThat(Line.messages(api.lines(id), "stdout")).isEqualTo(FirstPathST.numbers(1, 2000));

        // When
        long formerPid = spyhop.pid("metrics-service-0").orElseThrow();
        spyhop.signal("metrics-service-0", "KILL");

        // Then
        spyhop.awaitRestart("metrics-service-0", formerPid);
        assertThat(spyhop.said("metrics-service-0 ended with code 137; starting it again in 1.0 s."))
                .isTrue();
        await("figures are asked for over HTTP").atMost(LONG).untilAsserted(() -> {
            assertThat(api.json(Api.address(id) + "/stats").path("instances")).hasSize(1);
            assertThat(api.get("/metrics").body()).contains("workload=\"" + id + "\"");
        });
        assertThat(api.json(Api.address(id) + "/metrics?from=1h").path("step").asText())
                .isNotEmpty();
        spyhop.stop();
        assertThat(spyhop.pid("gateway-0")).isEmpty();
        assertThat(spyhop.errors()).isEmpty();
    }
}
