package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of mode exec: their commands run inside the service's own container, also over a kill of Spyhop. */
class ExecRunsST {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final Spyhop SPYHOP = new Spyhop("exec-runs", Engine.ofThisMachine());

    private final Containers containers = new Containers(Engine.ofThisMachine());
    private final Api api = SPYHOP.api();
    private Container container;
    private String jobs;

    @BeforeAll
    static void start() {
        SPYHOP.start();
    }

    @AfterAll
    static void stop() {
        try (SPYHOP) {
            SPYHOP.stop();
            assertThat(SPYHOP.errors()).isEmpty();
        }
    }

    @BeforeEach
    void runService() {
        container = containers.shell("service", "echo own >/own; exec sleep 600", "--env=GREETING=hello");
        jobs = Api.address(api.awaitWorkload(container.name())) + "/jobs";
        await("it runs")
                .atMost(LONG)
                .until(() -> api.find(container.name())
                        .orElseThrow()
                        .path("status")
                        .asText()
                        .equals("running"));
    }

    @AfterEach
    void removeContainers() {
        containers.close();
    }

    @Test
    void shouldRunACommandInsideTheInstance() {
        // Given
        String script = "echo \"$GREETING $WHO from $(pwd)\"; cat /own; echo problem >&2; exit 3";
        create("inside", script, Map.of("workingDirectory", "/proc", "parameters", List.of(Map.of("name", "WHO"))));

        // When
        Api.Answer asked = api.send("POST", jobs + "/inside/run", Map.of("parameters", Map.of("WHO", "world")));

        // Then
        assertThat(asked.status()).as(asked.body()).isEqualTo(202);
        String id = asked.json().path("id").asText();
        assertThat(asked.headers().firstValue("Location").orElse("")).endsWith("/inside/runs/" + id);
        JsonNode run = awaitEnd("inside", id);
        assertThat(run.path("status").asText()).isEqualTo("failed");
        assertThat(run.path("mode").asText()).isEqualTo("exec");
        assertThat(run.path("exitCode").asInt()).isEqualTo(3);
        assertThat(run.path("containerId").asText()).isEqualTo(container.id());
        List<Line> lines = awaitOutput("inside", id, 3);
        assertThat(Line.messages(lines, "stdout")).containsExactly("hello world from /proc", "own");
        assertThat(Line.messages(lines, "stderr")).containsExactly("problem");
    }

    @Test
    void shouldKeepEveryLineOfMuchOutputInOrder() {
        // Given
        int count = 50_000;
        create("much", "seq 1 " + count, Map.of());

        // When
        String id = run("much");

        // Then
        assertThat(awaitEnd("much", id).path("status").asText()).isEqualTo("succeeded");
        await("all of it is stored")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> last("much", id) >= count);
        List<String> messages = new ArrayList<>();
        long through = 0;
        while (through < count) {
            Api.Page page = api.page(address("much", id), "since=" + through + "&limit=" + Api.PAGE);
            page.items().forEach(line -> messages.add(line.message()));
            through = page.through();
        }
        assertThat(messages).isEqualTo(FirstPathST.numbers(1, count));
    }

    @Test
    void shouldEndWithItsCodeAndAGapWhenSpyhopIsKilledMeanwhile() {
        // Given: it says nothing more, for the engine gives up an exec that writes while nobody reads
        create("cut", "echo begun; until [ -e /go ]; do sleep 0.1; done; exit 5", Map.of());
        String id = run("cut");
        awaitOutput("cut", id, 1);

        // When
        SPYHOP.kill9();
        containers.touch(container, "/go");
        SPYHOP.start();

        // Then
        JsonNode run = awaitEnd("cut", id);
        assertThat(run.path("status").asText()).isEqualTo("failed");
        assertThat(run.path("exitCode").asInt()).isEqualTo(5);
        List<Line> lines = awaitOutput("cut", id, 2);
        assertThat(lines.getFirst().message()).isEqualTo("begun");
        assertThat(lines.getLast().stream()).isEqualTo("system");
        assertThat(lines.getLast().message()).startsWith("[GAP] ").contains("Spyhop was away");
    }

    @Test
    void shouldEndACommandWhenItsRunIsCancelled() {
        // Given
        create("cancel", "trap 'echo asked; exit 7' TERM; echo begun; while true; do sleep 0.1; done", Map.of());
        String id = run("cancel");
        awaitOutput("cancel", id, 1);

        // When
        Api.Answer cancelled = api.send("POST", jobs + "/cancel/runs/" + id + "/cancel", null);

        // Then
        assertThat(cancelled.status()).as(cancelled.body()).isEqualTo(202);
        assertThat(awaitEnd("cancel", id).path("status").asText()).isEqualTo("cancelled");
        assertThat(Line.messages(awaitOutput("cancel", id, 2), "stdout")).containsExactly("begun", "asked");
    }

    @Test
    void shouldEndACommandThatTakesTooLong() {
        // Given
        create("late", "echo begun; sleep 3600", Map.of("timeoutSeconds", 1));

        // When
        String id = run("late");

        // Then
        assertThat(awaitEnd("late", id).path("status").asText()).isEqualTo("timed-out");
    }

    @Test
    void shouldRefuseWhenTheServiceDoesNotRun() {
        // Given
        create("refused", "true", Map.of());
        containers.docker("stop", "-t", "0", container.id());
        await("it does not run")
                .atMost(LONG)
                .until(() -> !api.find(container.name())
                        .orElseThrow()
                        .path("status")
                        .asText()
                        .equals("running"));

        // Then
        await("it is known everywhere")
                .atMost(LONG)
                .untilAsserted(
                        () -> api.send("POST", jobs + "/refused/run", Map.of()).isProblem(409, "state-conflict"));
    }

    private void create(String id, String line, Map<String, Object> more) {
        Map<String, Object> job = new HashMap<>(more);
        job.putAll(Map.of("id", id, "mode", "exec", "command", line));
        Api.Answer made = api.send("POST", jobs, job);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
    }

    private String run(String job) {
        Api.Answer asked = api.send("POST", jobs + "/" + job + "/run", Map.of());
        assertThat(asked.status()).as(asked.body()).isEqualTo(202);
        return asked.json().path("id").asText();
    }

    private String address(String job, String run) {
        return jobs + "/" + job + "/runs/" + run;
    }

    private long last(String job, String run) {
        List<Line> tail = api.page(address(job, run), "tail=1").items();
        return tail.isEmpty() ? 0 : tail.getLast().lineNo();
    }

    private JsonNode awaitEnd(String job, String run) {
        return await("the end of " + run)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                .until(
                        () -> api.json(address(job, run)),
                        now -> !List.of("queued", "running")
                                .contains(now.path("status").asText()));
    }

    private List<Line> awaitOutput(String job, String run, int count) {
        return await("the output of " + run)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> api.page(address(job, run), "tail=1000").items(), lines -> lines.size() >= count);
    }
}
