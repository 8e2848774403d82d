package io.spyhop.jobs.definition;

import static io.restassured.RestAssured.given;
import static io.spyhop.jobs.JobExamples.job;
import static io.spyhop.jobs.JobExamples.parameter;
import static io.spyhop.jobs.JobExamples.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunDetails;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.job.RunRequest;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.run.NewRun;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jobs and runs on a real database. Nothing runs here: no host has the workloads' containers. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class JobsApiIT {
    private static final Instant LATER = Instant.parse("2090-01-01T00:00:00Z");

    @Inject
    JobsApi api;

    @Inject
    TriggerStore triggers;

    @Inject
    @DataSource("jobs")
    AgroalDataSource dataSource;

    private final WorkloadId workload =
            new WorkloadId("it-" + UUID.randomUUID().toString().substring(0, 8));

    @Test
    void shouldKeepAJobWhenItIsCreated() {
        // Given
        JobDefinition wanted = job(draft -> {
            draft.env = Map.of("A", "1");
            draft.schedule = "@hourly";
        });

        // When
        Job created = api.create(workload, "default", wanted);

        // Then
        assertThat(created.definition()).isEqualTo(wanted);
        assertThat(created.revision()).isEqualTo(1);
        assertThat(created.source()).isEqualTo(Job.BY_API);
        assertThat(created.nextAt())
                .isEqualTo(created.createdAt().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(1)));
        assertThat(created.overdue()).isFalse();
        assertThat(created.lastRun()).isNull();
        assertThat(api.find(workload, wanted.id())).isEqualTo(created);
        assertThat(api.list(workload).items()).containsExactly(created);
    }

    @Test
    void shouldBeOverdueWhenItsTimeHasPassed() throws SQLException {
        JobDefinition job = job(draft -> draft.schedule = "@hourly");
        api.create(workload, "default", job);
        sql("update jobs.job set expected_at = now() - interval '1 s' where workload_id = '%s'".formatted(workload));
        assertThat(api.find(workload, job.id()).overdue()).isTrue();
    }

    @Test
    void shouldRefuseAJobWhenThereIsOneOfItsId() {
        // Given
        api.create(workload, "default", plain());

        // When, Then
        refused(() -> api.create(workload, "default", plain()), ErrorCode.STATE_CONFLICT, "there is a job of that id");
    }

    @Test
    void shouldNameWhatIsWrongWhenAJobIsNotRight() {
        // Given
        JobDefinition wrong = job(draft -> draft.schedule = "0 0 * * MOO");

        // When, Then
        refused(
                () -> api.create(workload, "default", wrong),
                ErrorCode.BODY_INVALID,
                "schedule: day of week: Invalid chars");
        refused(() -> api.put(workload, "other", "default", null, plain()), ErrorCode.BODY_INVALID, "id: another one");
    }

    @Test
    void shouldReplaceAJobWhenItIsPutAgain() {
        // Given
        Job before = api.put(workload, "nightly", "default", null, job(draft -> draft.schedule = "@hourly"));

        // When
        Job after = api.put(workload, "nightly", "default", 1, job(draft -> {
            draft.schedule = "@hourly";
            draft.retries = 3;
        }));

        // Then: its schedule goes on
        assertThat(after.revision()).isEqualTo(2);
        assertThat(after.definition().retries()).isEqualTo(3);
        assertThat(after.nextAt()).isEqualTo(before.nextAt());
        assertThat(after.createdAt()).isEqualTo(before.createdAt());

        // When: the same once more, as by a caller that got no answer
        Job again = api.put(workload, "nightly", "default", 1, after.definition());

        // Then
        assertThat(again).isEqualTo(after);
        refused(() -> api.put(workload, "nightly", "default", 1, plain()), ErrorCode.STATE_CONFLICT, "meanwhile");
        refused(
                () -> api.put(workload, "new", "default", 1, job(draft -> draft.id = "new")),
                ErrorCode.STATE_CONFLICT,
                "");
    }

    @Test
    void shouldBeDueNoMoreWhenItIsDisabled() {
        // Given
        api.create(workload, "default", job(draft -> draft.schedule = "@hourly"));

        // When
        Job disabled = api.put(workload, "nightly", "default", null, job(draft -> {
            draft.schedule = "@hourly";
            draft.enabled = false;
        }));

        // Then
        assertThat(disabled.nextAt()).isNull();
    }

    @Test
    void shouldKeepItsRunsWhenAJobIsRemoved() throws SQLException {
        // Given
        seen(true);
        api.create(workload, "default", plain());
        Run run = api.run(workload, "nightly", request(Map.of(), null, null));

        // When
        api.delete(workload, "nightly");

        // Then
        refused(() -> api.find(workload, "nightly"), ErrorCode.JOB_UNKNOWN, "no job of that id");
        refused(() -> api.delete(workload, "nightly"), ErrorCode.JOB_UNKNOWN, "");
        refused(() -> api.run(workload, "nightly", request(Map.of(), null, null)), ErrorCode.JOB_UNKNOWN, "");
        assertThat(api.findRun(workload, "nightly", run.id()).run().id()).isEqualTo(run.id());
        assertThat(api.runs(query(null)).items()).extracting(Run::id).containsExactly(run.id());
    }

    @Test
    void shouldRefuseMoreJobsThanThereMayBe() throws SQLException {
        // Given
        sql(
                "insert into jobs.job (workload_id, id, org, partition, source, revision, definition, created_at, updated_at,"
                        + " anchor_at) select '%s', 'job-' || n, 'default', 0, 'api', 1, '{}', now(), now(), now()"
                                .formatted(workload)
                        + " from generate_series(1, " + JobsApi.JOBS_MAX + ") n");

        // When, Then
        refused(() -> api.create(workload, "default", plain()), ErrorCode.STATE_CONFLICT, "there are 200 jobs");
    }

    @Test
    void shouldLeaveAJobAloneWhenLabelsDefineIt() throws SQLException {
        // Given
        api.create(workload, "default", plain());
        sql("update jobs.job set source = 'label' where workload_id = '%s'".formatted(workload));

        // When, Then
        refused(
                () -> api.put(workload, "nightly", "default", null, job(draft -> draft.retries = 1)),
                ErrorCode.STATE_CONFLICT,
                "labels");
        refused(() -> api.delete(workload, "nightly"), ErrorCode.STATE_CONFLICT, "labels");
    }

    @Test
    void shouldPinWhatARunIsMadeOfWhenItIsAskedFor() throws SQLException {
        // Given
        seen(true);
        JobDefinition asked = job(draft -> {
            draft.env = Map.of("TOKEN", "hunter2");
            draft.parameters = List.of(parameter("DAY", "monday", "[a-z]+"));
            draft.retries = 2;
        });
        api.create(workload, "default", asked);

        // When
        Run run = api.run(workload, "nightly", request(Map.of("DAY", "friday"), null, null));
        api.put(workload, "nightly", "default", null, plain());

        // Then
        RunDetails details = api.findRun(workload, "nightly", run.id());
        assertThat(run.jobId()).isEqualTo("nightly");
        assertThat(run.attemptsMax()).isEqualTo(3);
        assertThat(run.triggeredByName()).isEqualTo("ci");
        assertThat(details.definition().retries()).isEqualTo(2);
        assertThat(details.definition().env()).isEqualTo(Map.of("TOKEN", ""));
        assertThat(details.parameters()).isEqualTo(Map.of("DAY", "friday"));
        assertThat(details.definitionRevision()).isEqualTo(1);
        assertThat(api.find(workload, "nightly").lastRun()).extracting(Run::id).isEqualTo(run.id());
        refused(
                () -> api.run(workload, "nightly", request(Map.of("DAY", "1"), null, null)),
                ErrorCode.BODY_INVALID,
                "parameters.DAY: the job has none");
    }

    @Test
    void shouldAnswerWithTheSameRunWhenAKeyIsUsedAgain() throws SQLException {
        // Given
        seen(true);
        api.create(workload, "default", job(draft -> draft.parameters = List.of(parameter("N", "1", null))));
        Run first = api.run(workload, "nightly", request(Map.of(), "key", null));

        // When
        Run second = api.run(workload, "nightly", request(Map.of("N", "1"), "key", null));

        // Then
        assertThat(second.id()).isEqualTo(first.id());
        refused(
                () -> api.run(workload, "nightly", request(Map.of("N", "2"), "key", null)),
                ErrorCode.STATE_CONFLICT,
                "the Idempotency-Key stands for " + first.id());

        // When: a day later
        sql("update jobs.run set queued_at = queued_at - interval '25 hours' where id = '%s'".formatted(first.id()));
        Run later = api.run(workload, "nightly", request(Map.of("N", "2"), "key", null));

        // Then
        assertThat(later.id()).isNotEqualTo(first.id());
    }

    @Test
    void shouldMakeOneRunWhenAKeyIsUsedByManyAtOnce() throws Exception {
        // Given
        seen(true);
        api.create(workload, "default", plain());

        // When
        List<RunId> runs = atOnce(
                8,
                () -> api.run(workload, "nightly", request(Map.of(), "key", null))
                        .id());

        // Then
        assertThat(runs).hasSize(8).containsOnly(runs.getFirst());
    }

    @Test
    void shouldLetOneWinWhenManyAskAtOnceAndASecondIsForbidden() throws Exception {
        // Given
        JobDefinition forbidding = job(draft -> draft.concurrency = JobDefinition.FORBID);
        api.create(workload, "default", forbidding);

        // When: what is asked for begins in years, so that all of it is open at once
        List<AskedRun> asked = atOnce(8, () -> triggers.ask(newRun(forbidding), true, Instant.EPOCH));

        // Then
        assertThat(asked).filteredOn(AskedRun.Queued.class::isInstance).hasSize(1);
        assertThat(asked).filteredOn(AskedRun.Busy.class::isInstance).hasSize(7);

        // When
        seen(true);

        // Then
        refused(
                () -> api.run(workload, "nightly", request(Map.of(), null, null)),
                ErrorCode.STATE_CONFLICT,
                "the job forbids a second run while run-");
    }

    @Test
    void shouldRepeatARunAsItWasWhenItsJobIsAnotherNow() throws SQLException {
        // Given
        seen(true);
        JobDefinition then = job(draft -> draft.parameters = List.of(parameter("DAY", "monday", null)));
        api.create(workload, "default", then);
        Run first = api.run(workload, "nightly", request(Map.of("DAY", "friday"), null, null));
        sql("update jobs.run set image = 'app:1', image_digest = 'sha256:1', status = 'failed' where id = '%s'"
                .formatted(first.id()));
        api.put(workload, "nightly", "default", null, plain());

        // When
        Run repeated = api.run(workload, "nightly", request(Map.of(), null, first.id()));

        // Then
        RunDetails details = api.findRun(workload, "nightly", repeated.id());
        assertThat(repeated.rerunOf()).isEqualTo(first.id());
        assertThat(details.definition()).isEqualTo(then);
        assertThat(details.parameters()).isEqualTo(Map.of("DAY", "friday"));
        assertThat(details.image()).isEqualTo("app:1");
        assertThat(details.imageDigest()).isEqualTo("sha256:1");
        refused(
                () -> api.run(workload, "nightly", request(Map.of("DAY", "x"), null, first.id())),
                ErrorCode.BODY_INVALID,
                "parameters: a repetition");
        refused(
                () -> api.run(workload, "nightly", request(Map.of(), null, RunId.create(LATER))),
                ErrorCode.RUN_UNKNOWN,
                "");
    }

    @Test
    void shouldSayThatNothingRunsWhenNoInstanceDoes() throws SQLException {
        // Given
        api.create(workload, "default", plain());
        api.create(workload, "default", job(draft -> {
            draft.id = "inside";
            draft.mode = JobMode.EXEC;
        }));

        // When, Then
        refused(
                () -> api.run(workload, "nightly", request(Map.of(), null, null)),
                ErrorCode.STATE_CONFLICT,
                "no container of the workload was ever seen");

        // When: there was one once
        seen(false);

        // Then
        assertThat(api.run(workload, "nightly", request(Map.of(), null, null)).id())
                .isNotNull();
        refused(
                () -> api.run(workload, "inside", request(Map.of(), null, null)),
                ErrorCode.STATE_CONFLICT,
                "no instance of the workload runs");
    }

    @Test
    void shouldEndAWaitingRunWhenItIsCancelled() throws SQLException {
        // Given
        api.create(workload, "default", plain());
        NewRun waiting = newRun(plain());
        triggers.ask(waiting, false, Instant.EPOCH);

        // When
        Run cancelled = api.cancel(workload, "nightly", waiting.id());

        // Then
        assertThat(cancelled.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(cancelled.completedAt()).isNotNull();
        assertThat(api.cancel(workload, "nightly", waiting.id())).isEqualTo(cancelled);
        refused(() -> api.cancel(workload, "other", waiting.id()), ErrorCode.RUN_UNKNOWN, "");
        sql("update jobs.run set status = 'failed' where id = '%s'".formatted(waiting.id()));
        refused(() -> api.cancel(workload, "nightly", waiting.id()), ErrorCode.STATE_CONFLICT, "the run is over");
    }

    @Test
    void shouldAnswerInJsonWhenAskedOverHttp() throws SQLException {
        // Given
        seen(true);

        // When
        Job created = internal()
                .contentType(ContentType.JSON)
                .body(plain())
                .post("/internal/jobs/{workload}?org=default", workload.value())
                .then()
                .statusCode(200)
                .extract()
                .as(Job.class);

        // Then
        assertThat(created).isEqualTo(api.find(workload, "nightly"));

        // When
        Run run = internal()
                .contentType(ContentType.JSON)
                .body(request(Map.of(), null, null))
                .post("/internal/jobs/{workload}/nightly/runs", workload.value())
                .then()
                .statusCode(200)
                .extract()
                .as(Run.class);

        // Then
        String found = "/internal/jobs/%s/nightly/runs/%s".formatted(workload, run.id());
        assertThat(internal().get(found).as(RunDetails.class).run().id()).isEqualTo(run.id());
        internal()
                .contentType(ContentType.JSON)
                .body(query(null))
                .post("/internal/jobs/runs")
                .then()
                .statusCode(200);
        internal()
                .get("/internal/jobs/%s/nightly/runs/nonsense".formatted(workload))
                .then()
                .statusCode(404);
        // Without the secret there is nothing to be seen.
        given().get("/internal/jobs/" + workload).then().statusCode(404);
    }

    private static RequestSpecification internal() {
        return given().header(InternalSecret.HEADER, EmbeddedParts.SECRET);
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SpyhopException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static RunRequest request(Map<String, String> parameters, @Nullable String key, @Nullable RunId rerunOf) {
        return new RunRequest("default", Run.BY_API, "ci", parameters, key, rerunOf);
    }

    private RunQuery query(@Nullable String job) {
        return new RunQuery(workload, job, null, null, null, null, 10, null);
    }

    private NewRun newRun(JobDefinition definition) {
        return new NewRun(
                RunId.create(Instant.now()),
                RunProof.create(),
                workload,
                "default",
                definition,
                1,
                Map.of(),
                Run.BY_API,
                null,
                null,
                null,
                LATER,
                LATER,
                null,
                null,
                null);
    }

    private void seen(boolean running) throws SQLException {
        sql("insert into jobs.seen values ('%s', %d, %s)"
                .formatted(workload, RecordKey.partitionOf(workload.value()), running));
    }

    private interface Task<T> {
        T call() throws Exception;
    }

    private static <T> List<T> atOnce(int count, Task<T> task) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(task::call));
            }
            for (Future<T> each : running) {
                results.add(each.get());
            }
        }
        return results;
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }
}
