package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs of a service, as a client has them: defined, run, followed, found again, repeated and cancelled. */
@ExtendWith(Shared.class)
class JobsApiST {
    private static final Duration LONG = Duration.ofSeconds(40);

    /** The service whose jobs these are; each test has jobs of its own. */
    private static Container service;

    private static String address;

    private final Api api;

    JobsApiST(Api api) {
        this.api = api;
    }

    @BeforeAll
    static void startService(Api api, Containers containers) {
        service = containers.shell("service", "exec sleep 600", "--env", "FROM_SERVICE=inherited");
        address = Api.address(api.awaitWorkload(service.name()));
        await("the service runs")
                .atMost(LONG)
                .until(() -> api.json(address).path("status").asText().equals("running"));
    }

    @AfterAll
    static void stopService(Containers containers) {
        containers.remove(service);
    }

    @Test
    void shouldRunAsAskedAndBeFollowedAndFoundAgain() {
        // Given
        String word = "w" + UUID.randomUUID().toString().replace("-", "");
        String job = create(Map.of(
                "name",
                "Greet " + word.substring(0, 8),
                "command",
                "echo $GREETING $FROM_SERVICE $WHO " + word + "; echo careful >&2; sleep 1; echo done; exit 3",
                "env",
                Map.of("GREETING", "hello"),
                "parameters",
                List.of(Map.of("name", "WHO", "default", "nobody"))));

        // When
        Api.Answer asked =
                api.send("POST", job + "/run", Map.of("parameters", Map.of("WHO", "me")), "Idempotency-Key", word);

        // Then: at once, and with the same key the same one
        assertThat(asked.status()).as(asked.body()).isEqualTo(202);
        String run = job + "/runs/" + asked.json().path("id").asText();
        assertThat(asked.headers().firstValue("Location").orElse("")).endsWith(run);
        assertThat(api.send("POST", job + "/run", Map.of("parameters", Map.of("WHO", "me")), "Idempotency-Key", word)
                        .json()
                        .path("id"))
                .isEqualTo(asked.json().path("id"));

        // Then: live
        SseClient.Collected lines = new SseClient.Collected();
        try (SseClient live = SseClient.once(api, run + "/logs/stream?since=0&stream=stdout,stderr", lines)) {
            await("the whole output, live")
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(Line.messages(lines.lines(), "stdout"))
                            .containsExactly("hello inherited me " + word, "done"));
            assertThat(Line.messages(lines.lines(), "stderr")).containsExactly("careful");
            assertThat(live.connections()).isEqualTo(1);
        }

        // Then: kept
        JsonNode ended = awaitStatus(run, "failed");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(3);
        api.send("POST", run + "/cancel", null).isProblem(409, "state-conflict");
        assertThat(ended.path("parameters").path("WHO").asText()).isEqualTo("me");
        assertThat(ended.path("envKeys").toString()).contains("GREETING", "FROM_SERVICE", "WHO");
        assertThat(ended.path("imageDigest").asText()).startsWith("sha256:");
        assertThat(Line.messages(api.page(run, "q=" + word).items(), "stdout"))
                .containsExactly("hello inherited me " + word);
        for (String query : List.of("?q=" + word, "?status=failed&triggeredBy=api&from=1h", "?q=CAREFUL")) {
            assertThat(api.json(job + "/runs" + query).path("items").findValuesAsText("id"))
                    .as(query)
                    .containsExactly(asked.json().path("id").asText());
        }
        assertThat(api.json(job + "/runs?q=absent").path("items")).isEmpty();
        assertThat(api.json(job).path("lastRun").path("status").asText()).isEqualTo("failed");
        assertThat(api.json("/api/v1/workloads?limit=1000").toString())
                .doesNotContain(asked.json().path("id").asText());

        // When: the job is changed, the run repeated, and the job removed
        assertThat(api.send("PATCH", job, Map.of("command", "echo changed")).status())
                .isEqualTo(200);
        JsonNode repeated = api.send(
                        "POST",
                        job + "/run",
                        Map.of("rerunOf", asked.json().path("id").asText()))
                .json();
        awaitStatus(job + "/runs/" + repeated.path("id").asText(), "failed");
        assertThat(api.send("DELETE", job, null).status()).isEqualTo(204);

        // Then
        assertThat(Line.messages(
                        api.page(job + "/runs/" + repeated.path("id").asText(), "tail=100")
                                .items(),
                        "stdout"))
                .containsExactly("hello inherited me " + word, "done");
        api.get(job).isProblem(404, "job-unknown");
        assertThat(api.json(job + "/runs").path("items")).hasSize(2);
    }

    @Test
    void shouldEndARunWhenItIsCancelledAndTellOfItWhileItHappens() {
        // Given
        String job = create(Map.of("name", "Wait " + UUID.randomUUID(), "command", Containers.waiting("echo ready")));
        try (EventsClient events =
                new EventsClient(api, "/api/v1/events?type=run&workload=" + address.replaceFirst(".*/", ""))) {
            String id = api.send("POST", job + "/run", null).json().path("id").asText();
            await("it obeys")
                    .atMost(LONG)
                    .until(() ->
                            !api.page(job + "/runs/" + id, "q=ready").items().isEmpty());

            // When
            Api.Answer cancelled = api.send("POST", job + "/runs/" + id + "/cancel", null);

            // Then
            assertThat(cancelled.status()).as(cancelled.body()).isEqualTo(202);
            JsonNode ended = awaitStatus(job + "/runs/" + id, "cancelled");
            assertThat(ended.path("exitCode").asInt()).isEqualTo(1);
            assertThat(ended.path("durationMs").asLong()).isLessThan(9_000);
            await("told as it happened")
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(events.events().stream()
                                    .map(event -> event.data().path("run"))
                                    .filter(run -> run.path("id").asText().equals(id))
                                    .map(run -> run.path("status").asText())
                                    .distinct())
                            .containsSubsequence("queued", "running", "cancelled"));
            assertThat(api.send("POST", job + "/runs/" + id + "/cancel", null).status())
                    .as("cancelled already")
                    .isEqualTo(202);
        }
    }

    @Test
    void shouldReadWhatARunInsideTheInstanceWrote() {
        // Given
        String job = create(Map.of(
                "name", "Inside " + UUID.randomUUID(), "mode", "exec", "command", "hostname; echo oops >&2; exit 2"));

        // When
        String run = job + "/runs/"
                + api.send("POST", job + "/run", null).json().path("id").asText();

        // Then
        assertThat(awaitStatus(run, "failed").path("exitCode").asInt()).isEqualTo(2);
        await("its output").atMost(LONG).untilAsserted(() -> {
            List<Line> lines = api.page(run, "tail=100").items();
            assertThat(Line.messages(lines, "stdout"))
                    .containsExactly(service.id().substring(0, 12));
            assertThat(Line.messages(lines, "stderr")).containsExactly("oops");
        });
        assertThat(api.get(run + "/logs/download").body()).contains("oops");
    }

    @Test
    void shouldSayWhatIsWrong() {
        // Given
        String job = create(Map.of("name", "Odd " + UUID.randomUUID(), "command", "/no/such/program"));

        // Then
        api.send("PUT", job, Map.of("command", "a", "schedule", "61 * * * *")).isProblem(400, "body-invalid");
        assertThat(api.send("PATCH", job, Map.of("timeZone", "Mars"))
                        .json()
                        .path("detail")
                        .asText())
                .startsWith("timeZone: ");
        assertThat(api.send("PATCH", job, Map.of("env", Map.of("A", "x".repeat(100_000))))
                        .isProblem(400, "body-invalid")
                        .json()
                        .path("detail")
                        .asText())
                .contains("env: 100001 bytes are too many");
        api.send("POST", job + "/run", Map.of("parameters", Map.of("A", "1"))).isProblem(400, "body-invalid");
        api.send("POST", address + "/jobs/none/run", null).isProblem(404, "job-unknown");
        api.get(job + "/runs/run-000000000000000000000000/logs").isProblem(404, "run-unknown");

        // When
        String id = api.send("POST", job + "/run", null).json().path("id").asText();

        // Then
        assertThat(awaitStatus(job + "/runs/" + id, "failed").path("exitCode").asInt())
                .isEqualTo(127);
    }

    /** Creates a job and gives its address. */
    private String create(Map<String, Object> definition) {
        Api.Answer created = api.send("POST", address + "/jobs", definition);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return address + "/jobs/" + created.json().path("id").asText();
    }

    private JsonNode awaitStatus(String run, String status) {
        return await(run + " is " + status)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> api.json(run), node -> node.path("status").asText().equals(status));
    }
}
