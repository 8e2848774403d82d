package io.spyhop.jobs.run;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.job.RunRequest;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.JobExamples;
import io.spyhop.messaging.TopicTail;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The database is away for seconds, or restarted, while runs wait, go on and end, and while a schedule is due. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class DatabaseAwayIT extends RunCase {
    /** Longer than it takes to stop the database, and than schedules are claimed ahead. */
    private static final int DUE_IN_SECONDS = 6;

    private static final int MANY = 20;

    /** Says one word, waits, and ends with a code. */
    private static final String WAITING = "echo begun; until [ -e /go ]; do sleep 0.1; done; exit ";

    @Inject
    JobsApi api;

    @Test
    void shouldLoseNothingAndDoNothingTwiceWhenTheDatabaseIsAwayForSeconds() throws Exception {
        // Given: runs that go on, others that have just been asked for, and a schedule that is due soon
        RunId ends = ask(job(WAITING + 7, draft -> {}), Map.of());
        RunId fails = ask(job(WAITING + 8, DatabaseAwayIT::triedAgain), Map.of());
        RunId outlasts = ask(job(WAITING + 0, draft -> {}), Map.of());
        RunId inside = ask(
                job("until [ -e /listen ]; do sleep 0.1; done; " + WAITING + 4, draft -> draft.mode = JobMode.EXEC),
                Map.of());
        List.of(ends, fails, outlasts).forEach(this::awaitRunning);
        List<String> written = new CopyOnWriteArrayList<>();
        try (TopicTail _ = written(inside, written)) {
            containers.touch(service, "/listen");
            await().atMost(PATIENCE).until(() -> !written.isEmpty());
            RunId inTime = ask(job(WAITING + 9, draft -> draft.timeoutSeconds = DUE_IN_SECONDS - 1), Map.of());
            awaitRunning(inTime);
            Instant due = schedule();
            List<RunId> waiting = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                waiting.add(ask(job("echo ran", draft -> {}), Map.of()));
            }

            // When
            EmbeddedParts.stopDatabase();
            for (RunId each : List.of(inTime, ends, fails)) {
                go(RunContainers.name(each, 1));
                awaitNoneRunning(each);
            }
            go(service);
            refused("/internal/jobs/" + workload, null);
            refused("/internal/jobs/" + workload + "/nightly/runs", request("away"));
            refused("/internal/jobs/runs", query());
            refused("/internal/jobs/" + workload + "/nightly/runs/" + outlasts + "/cancel", "");
            await("the schedule is due")
                    .atMost(PATIENCE)
                    .until(() -> Instant.now().isAfter(due));
            EmbeddedParts.startDatabase();

            // Then: what ended meanwhile did so with its code
            assertThat(awaitEnd(ends).exitCode()).isEqualTo(7);
            assertThat(awaitEnd(inTime).status()).isEqualTo(RunStatus.FAILED);
            assertThat(awaitEnd(inTime).exitCode()).isEqualTo(9);
            awaitSecondAttempt(fails);
            assertThat(awaitEnd(inside).exitCode()).isEqualTo(4);
            assertThat(written)
                    .as("all of its output was read, and no gap told")
                    .containsExactly("begun");

            // Then: what was asked for ran, once
            for (RunId each : waiting) {
                assertThat(awaitEnd(each).status()).isEqualTo(RunStatus.SUCCEEDED);
                ranOnce(each);
            }

            // Then: what was due ran, once
            await("the run of the schedule")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(scheduled())
                            .extracting(Run::dueAt, Run::status)
                            .containsExactly(tuple(due, RunStatus.SUCCEEDED)));
            assertThat(api.find(workload, "nightly").missedCount()).isZero();

            // Then: what goes on goes on
            assertThat(rows().run(outlasts).status()).isEqualTo(RunStatus.RUNNING);
            go(RunContainers.name(outlasts, 1));
            assertThat(awaitEnd(outlasts).status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(rows().run(outlasts).attempt()).isEqualTo(1);
        }
    }

    @Test
    void shouldMakeEachRunOnceWhenTheDatabaseIsRestartedWhileTheyAreAskedFor() {
        // Given
        api.create(workload, "acme", job("echo ran", draft -> {}));
        CompletableFuture<?> restarts = CompletableFuture.completedFuture(null);

        // When: whoever asks asks again, with the same key, until there is an answer
        List<RunId> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            if (i % 8 == 4) {
                restarts.join();
                restarts = CompletableFuture.runAsync(() -> {
                    EmbeddedParts.stopDatabase();
                    EmbeddedParts.startDatabase();
                });
            }
            RunRequest request = request("key-" + i);
            all.add(made(await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(SpyhopException.class)
                    .until(() -> api.run(workload, "nightly", request).id(), id -> true)));
        }
        restarts.join();

        // Then
        for (RunId each : all) {
            assertThat(awaitEnd(each).status()).isEqualTo(RunStatus.SUCCEEDED);
            ranOnce(each);
        }
        assertThat(all).doesNotHaveDuplicates();
        assertThat(api.runs(query()).items()).extracting(Run::id).containsExactlyInAnyOrderElementsOf(all);
    }

    private static void triedAgain(JobExamples.Draft draft) {
        draft.retries = 1;
        draft.retryBackoffSeconds = 1;
    }

    /** A job that is due once, in some seconds. */
    private Instant schedule() throws SQLException {
        api.create(workload, "acme", job("echo ran", draft -> draft.schedule = "0 0 1 1 *"));
        Instant due = Instant.now().plusSeconds(DUE_IN_SECONDS).truncatedTo(ChronoUnit.MILLIS);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE jobs.job SET next_at = ?, revision = revision + 1 WHERE workload_id = ?")) {
            update.setTimestamp(1, Timestamp.from(due));
            update.setString(2, workload.value());
            update.executeUpdate();
        }
        return due;
    }

    /** Its runs; others of the same job were asked for. */
    private List<Run> scheduled() {
        List<Run> runs = api.runs(new RunQuery(workload, "nightly", null, Run.BY_SCHEDULE, null, null, 10, null))
                .items();
        runs.forEach(run -> made(run.id()));
        return runs;
    }

    private RunQuery query() {
        return new RunQuery(workload, "nightly", null, null, null, null, 100, null);
    }

    private static RunRequest request(String key) {
        return new RunRequest("acme", Run.BY_API, null, Map.of(), key, null);
    }

    private void refused(String path, @Nullable Object body) {
        RequestSpecification request = given().header(InternalSecret.HEADER, EmbeddedParts.SECRET);
        Response answer = body == null
                ? request.get(path)
                : request.contentType(ContentType.JSON).body(body).post(path);
        answer.then().statusCode(503).body("code", equalTo("dependency-away"));
    }

    private void go(String container) {
        containers.touch(container, "/go");
    }

    private void awaitNoneRunning(RunId run) {
        await().atMost(PATIENCE)
                .until(() -> engine().inspect(RunContainers.name(run, 1))
                        .filter(ContainerDetails::alive)
                        .isEmpty());
    }

    private void awaitSecondAttempt(RunId run) {
        await("a second attempt")
                .atMost(PATIENCE)
                .until(() -> engine().inspect(RunContainers.name(run, 2))
                        .filter(ContainerDetails::alive)
                        .isPresent());
        go(RunContainers.name(run, 2));
        Run ended = awaitEnd(run);
        assertThat(ended.exitCode()).isEqualTo(8);
        assertThat(ended.attempt()).isEqualTo(2);
    }

    private void ranOnce(RunId run) {
        assertThat(rows().run(run).attempt()).isEqualTo(1);
        assertThat(containers.docker("logs", RunContainers.name(run, 1))).isEqualTo("ran");
        assertThat(engine().inspect(RunContainers.name(run, 2))).isEmpty();
    }

    /** What a command inside the service's container is told to have written, and gaps in it. */
    private TopicTail written(RunId run, List<String> lines) {
        TopicTail tail = new TopicTail(connections.kafka(), Topics.INGEST, record -> {
            try {
                IngestRecord told = json.readValue(record.value(), IngestRecord.class);
                if (told.workload().equals(run.workload())) {
                    told.lines().forEach(line -> lines.add(line.text()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        tail.watch(RecordKey.partitionOf(run.value())).join();
        return tail;
    }
}
