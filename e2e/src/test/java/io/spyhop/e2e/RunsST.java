package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs run while Spyhop is killed, services vanish, and output is long. */
class RunsST {
    private static final Duration LONG = Duration.ofMinutes(2);

    /** Of 100 bytes each. */
    private static final int LINES = 1_000_000;

    private static final Spyhop SPYHOP = new Spyhop("runs", Engine.ofThisMachine());

    private final Containers containers = new Containers(Engine.ofThisMachine());
    private final Api api = SPYHOP.api();
    private Container service;
    private String address;
    private Jobs jobs;

    @BeforeAll
    static void start() {
        SPYHOP.start();
    }

    @AfterAll
    static void shouldStopWithoutAnErrorWhenItIsOver() {
        try (SPYHOP) {
            SPYHOP.stop();
            assertThat(SPYHOP.errors()).isEmpty();
        }
    }

    @BeforeEach
    void startService() {
        service = containers.shell("service", "exec sleep 600", "--env", "FROM_SERVICE=inherited");
        address = Api.address(api.awaitWorkload(service.name()));
        jobs = new Jobs(api, address);
    }

    @AfterEach
    void removeContainers() {
        containers.close();
    }

    @Test
    void shouldFinishWithTheRightCodeAndAllOutputWhenSpyhopIsKilledInMidRun() {
        // Given
        String run = jobs.run(jobs.create(
                "killed",
                "for i in $(seq 1 100); do echo line $i; echo error $i >&2; sleep 0.1; done; exit 7",
                Map.of()));
        await("its output")
                .atMost(LONG)
                .until(() -> !api.page(run, "tail=1&stream=stdout").items().isEmpty());

        // When
        SPYHOP.kill9();
        SPYHOP.start();

        // Then
        JsonNode ended = jobs.awaitEnd(run);
        assertThat(ended.path("status").asText()).isEqualTo("failed");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(7);
        assertThat(ended.path("attempt").asInt()).isEqualTo(1);
        containers.awaitRemovalOf(ended);
        List<Line> lines = api.page(run, "limit=1000&since=0").items();
        assertThat(Line.messages(lines, "stdout")).containsExactlyElementsOf(numbered("line "));
        assertThat(Line.messages(lines, "stderr")).containsExactlyElementsOf(numbered("error "));
    }

    @Test
    void shouldRunWhenTheServiceWasRemoved() {
        // Given
        String job = jobs.create("orphan", "echo $FROM_SERVICE", Map.of());
        jobs.awaitEnd(jobs.run(job));
        containers.remove(service);
        await("it is removed")
                .atMost(LONG)
                .until(() -> api.json(address).path("status").asText().equals("removed"));

        // When
        String run = jobs.run(job);

        // Then
        assertThat(jobs.awaitEnd(run).path("status").asText()).isEqualTo("succeeded");
        await("its output")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(
                                Line.messages(api.page(run, "tail=10").items(), "stdout"))
                        .containsExactly("inherited"));
    }

    @Test
    void shouldNotKeepWhatAnotherContainerSaysInItsName() {
        // Given
        String run = jobs.run(jobs.create("honest", "echo true", Map.of()));
        String id = jobs.awaitEnd(run).path("id").asText();
        jobs.awaitOutput(run, "true");

        // When
        Container liar = containers.shell(
                "liar", "echo forged; exec sleep 600", "--label=spyhop.id=" + id, "--label=spyhop.kind=job-run");

        // Then
        String workload = api.awaitWorkload(liar.name());
        assertThat(workload).isNotEqualTo(id);
        jobs.awaitOutput(Api.address(workload), "forged");
        assertThat(jobs.output(run)).containsExactly("true");
    }

    @Test
    void shouldBeEndedAndTriedAgainWhenItTakesTooLong() {
        // When
        String run = jobs.run(jobs.create(
                "slow",
                "echo begun; trap 'echo asked; exit 9' TERM; while :; do sleep 0.1; done",
                Map.of("timeoutSeconds", 1, "retries", 1, "retryBackoffSeconds", 1)));

        // Then
        JsonNode ended = jobs.awaitEnd(run);
        assertThat(ended.path("status").asText()).isEqualTo("timed-out");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(9);
        assertThat(ended.path("attempt").asInt()).isEqualTo(2);
        await("the output of both attempts")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(
                                Line.messages(api.page(run, "tail=10").items(), "stdout"))
                        .containsExactly("begun", "asked", "begun", "asked"));
        containers.awaitRemovalOf(ended);
    }

    @Test
    void shouldKeepEveryLineWhenTheOutputIsLong() {
        // When
        String run = jobs.run(jobs.create(
                "long",
                "awk 'BEGIN { for (i = 1; i <= " + LINES + "; i++) printf \"%07d%092d\\n\", i, 0 }'",
                Map.of()));

        // Then
        JsonNode ended = jobs.awaitEnd(run);
        assertThat(ended.path("status").asText()).isEqualTo("succeeded");
        containers.awaitRemovalOf(ended);
        AtomicLong count = new AtomicLong();
        api.eachLine(ended.path("id").asText(), line -> {
            if (line.stream().equals("stdout")) {
                assertThat(line.message()).hasSize(99).startsWith("%07d".formatted(count.incrementAndGet()));
            }
        });
        assertThat(count).hasValue(LINES);
    }

    private static List<String> numbered(String word) {
        return LongStream.rangeClosed(1, 100).mapToObj(i -> word + i).toList();
    }
}
