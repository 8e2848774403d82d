package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The engine goes away while containers write and jobs run, and comes back. The test has an engine of its own, so that nobody else's
 * containers are harmed; it needs root for that.
 */
@EnabledIf("canStartEngine")
class EngineRestartST {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Enough for some seconds, so that the engine goes away in the midst of them. */
    private static final int LINES = 1000;

    private static @Nullable Engine own;
    private static @Nullable Spyhop started;

    private final Engine engine = Objects.requireNonNull(own);
    private final Spyhop spyhop = Objects.requireNonNull(started);
    private final Containers containers = new Containers(engine);
    private final Api api = spyhop.api();

    static boolean canStartEngine() {
        return Engine.canStartOwn();
    }

    @BeforeAll
    static void start() {
        Engine engine = Engine.startOwn();
        own = engine;
        started = new Spyhop("engine", engine).start();
    }

    @AfterAll
    static void end() {
        try (Engine _ = own;
                Spyhop _ = started) {
            // In the other order than they were started in.
        }
    }

    @AfterEach
    void removeContainers() {
        containers.close();
    }

    @Test
    void shouldHaveWhatTheEngineHasWhenItIsRestarted() {
        // Given: they come back with the engine and start counting anew.
        List<Container> writers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            writers.add(containers.shell(
                    "w" + i,
                    "i=0; while [ $i -lt " + LINES
                            + " ]; do i=$((i+1)); echo \"$HOSTNAME $(cat /proc/uptime) $i\"; usleep 2000; done;"
                            + " exec sleep 600",
                    "--restart=always",
                    "--label=spyhop.metrics.interval=1s",
                    // What an engine that ends gives to a shell, which does not obey.
                    "--stop-timeout=1"));
        }
        List<String> ids =
                writers.stream().map(writer -> api.awaitWorkload(writer.name())).toList();
        ids.forEach(id -> api.awaitLines(id, 200, LONG));

        // When: once in order, once by a kill.
        engine.stop();
        assertThat(api.page(Api.address(ids.getFirst()), "tail=1").items())
                .as("readable meanwhile")
                .hasSize(1);
        engine.start();
        awaitSameAsEngine(writers, ids, 1);
        engine.kill9();
        engine.start();
        awaitSameAsEngine(writers, ids, 2);

        // Then
        Container late = containers.shell("late", "seq 1 100; exec sleep 600");
        String lateId = api.awaitWorkload(late.name());
        api.awaitLines(lateId, 101, LONG);
        assertThat(Line.messages(api.lines(lateId), "stdout")).isEqualTo(FirstPathST.numbers(1, 100));
        assertThat(api.as(null).get("/readyz").status()).isEqualTo(200);
        ids.forEach(this::awaitFigures);
    }

    @Test
    void shouldFinishWhatRanAndBeginWhatWasAskedForWhenTheEngineIsRestarted() {
        // Given
        Container service = containers.shell("service", "exec sleep 600", "--restart=always", "--stop-timeout=1");
        String address = Api.address(api.awaitWorkload(service.name()));
        awaitRunning(address);
        Jobs jobs = new Jobs(api, address);
        Map<String, Object> inside = Map.of("mode", "exec");
        String obeying = jobs.create(
                "obeying", "trap 'echo asked; exit 9' TERM; echo begun; while :; do sleep 0.1; done", Map.of());
        String obeyingInside = jobs.create("obeying inside", "echo begun; sleep 600", inside);
        String brief = jobs.create("brief", "echo ran", Map.of());
        String briefInside = jobs.create("brief inside", "echo ran", inside);

        // When: in order, and others are asked for meanwhile
        String ended = jobs.run(obeying);
        String cutOff = jobs.run(obeyingInside);
        jobs.awaitOutput(ended, "begun");
        jobs.awaitOutput(cutOff, "begun");
        engine.stop();
        String waiting = jobs.run(brief);
        awaitReason(waiting);
        api.send("POST", briefInside + "/run", null).isProblem(409, "state-conflict");
        engine.start();

        // Then: the engine knows how it ended; nobody knows what became of a command inside
        JsonNode end = jobs.awaitEnd(ended);
        assertThat(end.path("status").asText()).isEqualTo("failed");
        assertThat(end.path("exitCode").asInt()).isEqualTo(9);
        assertThat(end.path("attempt").asInt()).isEqualTo(1);
        jobs.awaitOutput(ended, "begun", "asked");
        assertThat(jobs.awaitEnd(cutOff).path("status").asText()).isIn("lost", "failed");
        jobs.awaitOutput(cutOff, "begun");
        assertThat(jobs.awaitEnd(waiting).path("status").asText()).isEqualTo("succeeded");
        jobs.awaitOutput(waiting, "ran");
        awaitRunning(address);

        // When: it is killed
        String killed = jobs.run(obeying);
        String killedInside = jobs.run(obeyingInside);
        jobs.awaitOutput(killed, "begun");
        jobs.awaitOutput(killedInside, "begun");
        engine.kill9();
        List<String> asked = List.of(jobs.run(brief), jobs.run(briefInside));
        asked.forEach(this::awaitReason);
        engine.start();

        // Then: what ran is not run again
        JsonNode last = jobs.awaitEnd(killed);
        assertThat(last.path("status").asText()).isIn("failed", "lost");
        assertThat(last.path("attempt").asInt()).isEqualTo(1);
        assertThat(jobs.output(killed)).containsOnlyOnce("begun");
        assertThat(jobs.awaitEnd(killedInside).path("status").asText()).isIn("lost", "failed");
        assertThat(jobs.output(killedInside)).containsExactly("begun");
        assertThat(jobs.awaitEnd(asked.getFirst()).path("status").asText()).isEqualTo("succeeded");
        jobs.awaitOutput(asked.getFirst(), "ran");
        JsonNode late = jobs.awaitEnd(asked.getLast());
        if (late.path("status").asText().equals("succeeded")) {
            jobs.awaitOutput(asked.getLast(), "ran");
        } else {
            // The engine is back before the service's container is.
            assertThat(late.path("reason").asText()).contains("instance of the service");
        }
        await("their containers are removed")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> containers
                        .docker("ps", "-aq", "--filter", "label=spyhop.run")
                        .isEmpty());
    }

    private void awaitRunning(String address) {
        await("it runs")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> api.json(address).path("status").asText().equals("running"));
    }

    /** It is queued, and says what it waits for. */
    private void awaitReason(String run) {
        await("it waits").atMost(LONG).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            JsonNode now = api.json(run);
            assertThat(now.has("reason")).isTrue();
            assertThat(now.path("status").asText()).isEqualTo("queued");
        });
    }

    /** Waits until the newest life is sampled; of no life is there a figure that cannot be. */
    private void awaitFigures(String id) {
        await("figures of " + id)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> api.get(Api.address(id) + "/stats").status() == 200);
        Instant now = Instant.now();
        await("samples of " + id)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> {
                    List<JsonNode> samples = new ArrayList<>();
                    api.json(Api.address(id) + "/metrics?step=raw&from=30m&limit=5000")
                            .path("items")
                            .forEach(samples::add);
                    List<String> slots = samples.stream()
                            .map(sample -> sample.path("sampledAt").asText())
                            .toList();
                    assertThat(slots).isNotEmpty().doesNotHaveDuplicates();
                    assertThat(Instant.parse(slots.getLast())).isAfter(now);
                    assertThat(samples).allSatisfy(sample -> {
                        assertThat(sample.path("memUsedMb").asDouble()).isPositive();
                        assertThat(sample.path("cpuPct").asDouble(0))
                                .isBetween(0.0, 100.0 * Runtime.getRuntime().availableProcessors());
                    });
                });
    }

    /** Waits for another life of each to have written, and for Spyhop to have exactly what the engine has. */
    private void awaitSameAsEngine(List<Container> writers, List<String> ids, int restarts) {
        for (int i = 0; i < writers.size(); i++) {
            Container writer = writers.get(i);
            String id = ids.get(i);
            await("the end of life " + restarts + " of " + writer.name())
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> containers.engineStdout(writer).getLast().endsWith(" " + LINES));
            List<String> engineHas = containers.engineStdout(writer);
            assertThat(engineHas).doesNotHaveDuplicates().hasSizeGreaterThan(LINES);
            await("what the engine has of " + writer.name())
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(
                                    Line.messages(api.lines(id), "stdout").size())
                            .isGreaterThanOrEqualTo(engineHas.size()));
            assertThat(Line.messages(api.lines(id), "stdout")).isEqualTo(engineHas);
            List<String> system = Line.messages(api.lines(id), "system");
            assertThat(system.stream().filter("worker started"::equals).count())
                    .as("lives begun after %d restarts, in %s", restarts, system)
                    .isEqualTo(restarts + 1L);
        }
    }
}
