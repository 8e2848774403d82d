package io.spyhop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class EventsIT {
    private static final String EVENTS = "/api/v1/events";

    /** Events of other tests on the same broker are of other orgs. */
    private final String org = "org-" + UUID.randomUUID();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private TopicPublisher publisher;
    private final List<Http> open = new ArrayList<>();

    @BeforeEach
    void begin() {
        publisher = new TopicPublisher(new KafkaConnection(brokers, "test", "0"));
    }

    @AfterEach
    void end() throws IOException {
        for (Http http : open) {
            http.close();
        }
        publisher.close();
    }

    @Test
    void shouldTellWhatHappensLiveAndWhatWasMissedWhenAClientComesBack() throws IOException {
        // Given
        Http first = stream(EVENTS + "?org=" + org);
        await().until(() -> lastId(first) != null);
        happens("web", InstanceTransition.Type.STARTED, null);
        happens("db", InstanceTransition.Type.STARTED, null);
        await().untilAsserted(() -> assertThat(types(first)).containsExactly("started", "started"));
        String last = lastId(first);
        first.close();

        // When
        happens("web", InstanceTransition.Type.CRASHED, 3);
        IntStream.range(0, 700).forEach(i -> happens("w" + i % 20, InstanceTransition.Type.STARTED, null));
        Http second = stream(EVENTS + "?org=" + org, "Last-Event-ID: " + last);
        await().untilAsserted(() -> assertThat(types(second)).hasSize(701));
        happens("web", InstanceTransition.Type.REMOVED, null);

        // Then
        await().untilAsserted(() -> assertThat(types(second)).hasSize(702).endsWith("removed"));
        assertThat(types(second).stream().filter("crashed"::equals)).hasSize(1);
        assertThat(second.lines())
                .contains("content-type: text/event-stream", "X-Accel-Buffering: no")
                .contains("cache-control: no-cache, no-transform");
        assertThat(second.lines().stream().filter(line -> line.contains("\"type\":\"crashed\"")))
                .singleElement()
                .asString()
                .contains("\"workload\":\"web\"", "\"org\":\"" + org + "\"", "\"exitCode\":3", "\"instance\":0");
    }

    @Test
    void shouldShowOnlyWhatTheTokenMaySeeAndWasAskedFor() {
        // Given
        String foreign = Tokens.mint("viewer", "elsewhere").token();
        Http limited = Http.open(port, EVENTS, foreign).read();
        open.add(limited);
        Http typed = stream(EVENTS + "?org=" + org + "&type=crashed,exited");
        Http one = stream(EVENTS + "?org=" + org + "&workload=web");
        await().until(() -> lastId(limited) != null && lastId(typed) != null && lastId(one) != null);

        // When
        happens("web", InstanceTransition.Type.STARTED, null);
        happens("db", InstanceTransition.Type.CRASHED, 1);
        happens("web", InstanceTransition.Type.EXITED, 0);

        // Then
        await().untilAsserted(() -> {
            assertThat(types(typed)).containsExactlyInAnyOrder("crashed", "exited");
            assertThat(types(one)).containsExactly("started", "exited");
        });
        String seen = lastId(typed);
        await().until(() -> limited.lines().contains("id: " + seen));
        assertThat(types(limited)).isEmpty();
    }

    @Test
    void shouldTellOfRunsToWhoMaySeeTheirWorkload() {
        // Given
        Http all = stream(EVENTS + "?type=run&org=" + org);
        Http foreign = Http.open(
                        port,
                        EVENTS + "?type=run",
                        Tokens.mint("viewer", "elsewhere").token())
                .read();
        open.add(foreign);
        await().until(() -> lastId(all) != null && lastId(foreign) != null);

        // When
        runs(RunStatus.QUEUED);
        Run ended = runs(RunStatus.SUCCEEDED);

        // Then
        await().untilAsserted(() -> assertThat(types(all)).containsExactly("run", "run"));
        assertThat(all.lines().stream().filter(line -> line.startsWith("data: ")))
                .last()
                .asString()
                .contains("\"type\":\"run\"", "\"workload\":\"shop\"", "\"id\":\"" + ended.id() + "\"")
                .contains("\"status\":\"succeeded\"", "\"at\":\"2026-01-01T00:00:02Z\"", "\"durationMs\":1000");
        String seen = lastId(all);
        await().until(() -> foreign.lines().contains("id: " + seen));
        assertThat(types(foreign)).isEmpty();
    }

    private Run runs(RunStatus status) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        Run run = new Run(
                RunId.create(at),
                "tidy",
                new WorkloadId("shop"),
                org,
                JobMode.RUN,
                status,
                0,
                null,
                false,
                1,
                1,
                Run.BY_SCHEDULE,
                null,
                null,
                at,
                at,
                at.plusSeconds(1),
                at.plusSeconds(2),
                1000L,
                null,
                null);
        publisher.publishJson(Topics.RUNS, run.key(), run).join();
        return run;
    }

    @Test
    void shouldEndWhenTheTokenIsRevoked() {
        // Given
        Tokens.Minted viewer = Tokens.mint("viewer", org);
        Http http = Http.open(port, EVENTS, viewer.token()).read();
        open.add(http);
        await().until(() -> lastId(http) != null);

        // When
        Tokens.revoke(viewer.id());

        // Then
        await().until(() -> http.lines().contains("<end>"));
    }

    private Http stream(String uri, String... headers) {
        Http http = Http.open(port, uri, Backends.ADMIN, headers).read();
        open.add(http);
        return http;
    }

    private void happens(String workload, InstanceTransition.Type type, @Nullable Integer exitCode) {
        InstanceTransition transition = SomeInstance.of(workload, "c0ffee")
                .in(org, null)
                .exit(exitCode, false)
                .lived(Instant.EPOCH, null)
                .transition(type, Instant.now());
        publisher.publishJson(Topics.TRANSITIONS, transition.key(), transition).join();
    }

    private static List<String> types(Http http) {
        return http.lines().stream()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring("event: ".length()))
                .toList();
    }

    private static @Nullable String lastId(Http http) {
        return http.lines().stream()
                .filter(line -> line.startsWith("id: "))
                .reduce((a, b) -> b)
                .map(line -> line.substring("id: ".length()))
                .orElse(null);
    }
}
