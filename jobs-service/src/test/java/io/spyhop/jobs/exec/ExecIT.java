package io.spyhop.jobs.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.log.IngestLine;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadIdentity;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.ExecSink;
import io.spyhop.engine.ExecSpec;
import io.spyhop.engine.ExecState;
import io.spyhop.engine.ExecStream;
import io.spyhop.jobs.JobsConnections;
import io.spyhop.jobs.JobsShare;
import io.spyhop.jobs.run.AttemptEnd;
import io.spyhop.jobs.run.NewRun;
import io.spyhop.jobs.run.OpenRun;
import io.spyhop.jobs.run.RunStore;
import io.spyhop.messaging.TopicRecord;
import io.spyhop.messaging.TopicTail;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts of mode exec on a real engine, broker and database. Their rows are in no partition, so that the loop leaves them alone. */
@QuarkusTest
@QuarkusTestResource(ExecBackends.class)
class ExecIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NO_PARTITION = 99;

    @Inject
    ExecExecution execution;

    @Inject
    RunStore store;

    @Inject
    JobsConnections connections;

    @Inject
    JobsShare share;

    @Inject
    ObjectMapper json;

    @Inject
    @DataSource("jobs")
    AgroalDataSource dataSource;

    private final DockerContainers containers = new DockerContainers();
    private final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));
    private final RunId id = RunId.create(Instant.now());
    private final List<IngestRecord> published = new CopyOnWriteArrayList<>();
    private TopicTail tail;
    private String container;

    @BeforeEach
    void begin() {
        tail = new TopicTail(connections.kafka(), Topics.INGEST, this::seen);
        tail.watch(RecordKey.partitionOf(id.value())).join();
        container = containers.runScript("sleep 3600");
        tell(InstanceStatus.RUNNING);
    }

    @AfterEach
    void end() {
        tail.close();
        containers.close();
    }

    private void seen(TopicRecord record) {
        try {
            IngestRecord lines = json.readValue(Objects.requireNonNull(record.value()), IngestRecord.class);
            if (lines.workload().equals(id.workload())) {
                published.add(lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldPublishBothStreamsAndTellTheCode() throws Exception {
        // Given
        OpenRun run = run("echo \"$OF_JOB $GIVEN $(pwd)\"; echo err >&2; printf 'no end'; exit 3");

        // When
        AttemptEnd end = execution.attempt(run);

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.FAILED);
        assertThat(end.exitCode()).isEqualTo(3);
        assertThat(end.startedAt()).isNotNull();
        awaitLines("STDOUT job given /proc", "STDERR err", "STDOUT no end");
        assertThat(published).extracting(IngestRecord::kind).containsOnly(Kind.JOB_RUN);
        assertThat(published)
                .extracting(IngestRecord::source)
                .containsOnly("exec/" + written().execId());
        assertThat(published.getFirst().firstOrdinal()).isEqualTo(1);
        assertThat(written().containerId()).isEqualTo(container);
        assertThat(written().startedAt()).isNotNull();
    }

    @Test
    void shouldPublishLongLinesWholeAndCountThem() throws Exception {
        // Given: four bytes a character, two of them in Java
        int characters = 150_000;
        OpenRun run = run("yes '\uD83D\uDE80' | head -n " + characters + " | tr -d '\\n'; echo; echo next");

        // When
        AttemptEnd end = execution.attempt(run);

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.SUCCEEDED);
        awaitLines("STDOUT " + "\uD83D\uDE80".repeat(characters), "STDOUT next");
        assertThat(published).hasSizeGreaterThan(3);
        long next = 1;
        for (IngestRecord each : published) {
            assertThat(each.firstOrdinal()).isEqualTo(next);
            next += each.lines().size();
        }
    }

    @Test
    void shouldRefuseWhenNoInstanceRuns() throws Exception {
        // Given
        tell(InstanceStatus.EXITED);

        // When
        AttemptEnd end = execution.attempt(run("true"));

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.FAILED);
        assertThat(end.exitCode()).isNull();
        assertThat(end.reason()).isEqualTo("no instance of the service is running");
    }

    @Test
    void shouldTellThatACommandIsNotThere() throws Exception {
        // When
        AttemptEnd end = execution.attempt(run(new JobCommand(List.of("/no/such/program"), null)));

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.FAILED);
        assertThat(end.exitCode()).isIn(126, 127);
        assertThat(end.reason()).isEqualTo("the command was not found, or could not be run");
    }

    @Test
    void shouldAskACommandToEnd() throws Exception {
        // Given
        OpenRun run = run("trap 'echo asked; exit 7' TERM; echo begun; while true; do sleep 0.1; done");
        CompletableFuture<AttemptEnd> end = attempt(run);
        awaitLines("STDOUT begun");

        // When
        boolean stoppable = execution.canStop(written());
        execution.stop(written(), false);

        // Then
        assertThat(stoppable).isTrue();
        assertThat(end.join().exitCode()).isEqualTo(7);
        awaitLines("STDOUT begun", "STDOUT asked");
        execution.stop(written(), true);
    }

    @Test
    void shouldEndACommandThatDoesNotObey() throws Exception {
        // Given
        OpenRun run = run("trap '' TERM; echo begun; while true; do sleep 0.1; done");
        CompletableFuture<AttemptEnd> end = attempt(run);
        awaitLines("STDOUT begun");
        execution.stop(written(), false);

        // When
        execution.stop(written(), true);

        // Then
        assertThat(end.join().exitCode()).isEqualTo(137);
        assertThat(end.join().signal()).isEqualTo("SIGKILL");
    }

    @Test
    void shouldTakeTheCodeAndTellAGapWhenSomebodyElseBeganIt() throws Exception {
        // Given
        String execId = prepare("echo unread; until [ -e /go ]; do sleep 0.1; done; exit 4");
        OpenRun run = begun(execId);
        readToTheFirstLine(execId);
        CompletableFuture<AttemptEnd> end = attempt(run);

        // When
        containers.docker("exec", container, "touch", "/go");

        // Then
        assertThat(end.join().exitCode()).isEqualTo(4);
        assertThat(end.join().startedAt()).isEqualTo(run.startedAt());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).hasSize(1));
        assertThat(texts().getFirst())
                .startsWith("SYSTEM [GAP] 20")
                .endsWith(" possible: Spyhop was away, and the engine keeps no output of a command");
        // Then: told again it is the same line of the same source
        assertThat(execution.attempt(run).exitCode()).isEqualTo(4);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(published).hasSize(2));
        assertThat(published)
                .extracting(each -> each.source() + " " + each.firstOrdinal())
                .containsOnly("exec/" + execId + "/gap 1");
    }

    @Test
    void shouldWaitForWhatTheEngineHasGivenUpAndBeLost() throws Exception {
        // Given: it writes when nobody reads
        String execId = prepare("echo begun; until [ -e /go ]; do sleep 0.05; echo more; done; exit 4");
        OpenRun run = begun(execId);
        readToTheFirstLine(execId);
        CompletableFuture<AttemptEnd> end = attempt(run);
        boolean stoppable = execution.canStop(run);

        // When
        containers.docker("exec", container, "touch", "/go");

        // Then: some engines tell the code all the same
        assertThat(stoppable).isTrue();
        assertThat(end.join().status()).isIn(RunStatus.LOST, RunStatus.FAILED);
        assertThat(end.join().exitCode()).isIn(null, 4);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).hasSize(1));
        assertThat(texts().getFirst()).startsWith("SYSTEM [GAP] ");
    }

    private String prepare(String script) {
        return connections
                .engine("local")
                .execs()
                .create(
                        container,
                        new ExecSpec(List.of("sh", "-c", script), Map.of("SPYHOP_RUN_ATTEMPT", id + "/1"), null));
    }

    private void readToTheFirstLine(String execId) throws InterruptedException {
        try (ExecStream former = connections.engine("local").execs().start(execId)) {
            former.read(new ExecSink() {
                @Override
                public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial) {
                    former.close();
                }

                @Override
                public void drained() {}
            });
        }
    }

    @Test
    void shouldStartWhatWasPreparedAndNotStarted() throws Exception {
        // Given
        String execId = prepare("echo prepared");

        // When
        AttemptEnd end = execution.attempt(begun(execId));

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.SUCCEEDED);
        awaitLines("STDOUT prepared");
    }

    @Test
    void shouldBeLostWhenItsContainerIsGone() throws Exception {
        // Given
        OpenRun run = run("echo begun; sleep 3600");
        CompletableFuture<AttemptEnd> end = attempt(run);
        awaitLines("STDOUT begun");
        await().atMost(PATIENCE).until(() -> state(written()).running());

        // When
        containers.docker("rm", "-f", container);

        // Then: some engines tell how it ended before they forget it
        assertThat(end.join().status()).isIn(RunStatus.LOST, RunStatus.FAILED);
        assertThat(execution.attempt(written()).status()).isEqualTo(RunStatus.LOST);
    }

    private ExecState state(OpenRun run) {
        return connections
                .engine("local")
                .execs()
                .inspect(Objects.requireNonNull(run.execId()))
                .orElseThrow();
    }

    private CompletableFuture<AttemptEnd> attempt(OpenRun run) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return execution.attempt(run);
                    } catch (InterruptedException | SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                Executors.newVirtualThreadPerTaskExecutor());
    }

    private void awaitLines(String... texts) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).containsExactlyInAnyOrder(texts));
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        StringBuilder pieces = new StringBuilder();
        for (IngestRecord each : published) {
            for (IngestLine line : each.lines()) {
                pieces.append(line.text());
                if (!line.goesOn()) {
                    texts.add(line.stream() + " " + pieces);
                    pieces.setLength(0);
                }
            }
        }
        return texts;
    }

    private OpenRun run(String line) throws SQLException {
        return run(new JobCommand(List.of(), line));
    }

    /** A run whose first attempt has begun. */
    private OpenRun run(JobCommand command) throws SQLException {
        JobDefinition job = new JobDefinition(
                "job",
                "job",
                JobMode.EXEC,
                command,
                Map.of("OF_JOB", "job"),
                List.of(),
                null,
                "/proc",
                0,
                0,
                1,
                JobDefinition.ALLOW,
                null,
                "UTC",
                JobDefinition.SKIP,
                true);
        Instant now = Instant.now();
        try (Connection connection = dataSource.getConnection()) {
            store.insert(
                    connection,
                    new NewRun(
                            id,
                            workload,
                            "default",
                            job,
                            1,
                            Map.of("GIVEN", "given"),
                            Run.BY_API,
                            null,
                            null,
                            null,
                            now,
                            now.plusSeconds(3600),
                            null,
                            null,
                            null));
            try (PreparedStatement begin = connection.prepareStatement(
                    "UPDATE jobs.run SET status = 'running', attempt = 1, partition = ? WHERE id = ?")) {
                begin.setInt(1, NO_PARTITION);
                begin.setString(2, id.value());
                begin.executeUpdate();
            }
        }
        return open(job, null, null, null);
    }

    /** A run whose first attempt was begun by another process. */
    private OpenRun begun(String execId) throws SQLException {
        return open(run("true").definition(), execId, container, Instant.now().minusSeconds(1));
    }

    private OpenRun open(
            JobDefinition job,
            @Nullable String execId,
            @Nullable String containerId,
            @Nullable Instant startedAt) {
        return new OpenRun(
                id,
                workload,
                "default",
                job,
                Map.of("GIVEN", "given"),
                1,
                1,
                execId == null ? null : "local",
                containerId,
                null,
                null,
                startedAt,
                null,
                null,
                execId,
                null);
    }

    /** What is written down of the run. */
    private OpenRun written() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT exec_id, container_id, attempt_started_at, definition FROM jobs.run WHERE id = ?")) {
            select.setString(1, id.value());
            try (ResultSet row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                return open(
                        json.readValue(row.getString("definition"), JobDefinition.class),
                        row.getString("exec_id"),
                        row.getString("container_id"),
                        row.getTimestamp("attempt_started_at").toInstant());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What the watcher tells of the service's only container. */
    private void tell(InstanceStatus status) {
        ContainerDetails details =
                connections.engine("local").inspect(container).orElseThrow();
        InstanceState state = new InstanceState(
                new WorkloadIdentity(
                        workload,
                        "w",
                        "w",
                        Kind.SERVICE,
                        "default",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                "local",
                container,
                details.name(),
                0,
                1,
                status,
                details.image(),
                Map.of(),
                false,
                null,
                null,
                null,
                null,
                false,
                0,
                details.createdAt(),
                details.startedAt(),
                null);
        connections
                .publisher()
                .publishJson(Topics.INSTANCES, state.key(), state)
                .join();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(share.instances(workload))
                        .extracting(InstanceState::status)
                        .containsExactly(status));
    }
}
