package io.spyhop.jobs.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.log.IngestLine;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.ExecState;
import io.spyhop.jobs.JobExamples;
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

/**
 * Attempts of mode exec on a real engine, broker and database, of a service with one instance. Their rows are in no partition, so that the
 * loop leaves them alone.
 */
abstract class ExecCase {
    static final Duration PATIENCE = Duration.ofSeconds(30);
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

    final DockerContainers containers = new DockerContainers();
    final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));
    final RunId id = RunId.create(Instant.now());
    final List<IngestRecord> published = new CopyOnWriteArrayList<>();
    TopicTail tail;
    String container;

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

    final ExecState state(OpenRun run) {
        return connections
                .engine("local")
                .execs()
                .inspect(Objects.requireNonNull(run.execId()))
                .orElseThrow();
    }

    final CompletableFuture<AttemptEnd> attempt(OpenRun run) {
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

    final void awaitLines(String... texts) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).containsExactlyInAnyOrder(texts));
    }

    final List<String> texts() {
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

    final OpenRun run(String line) throws SQLException {
        return run(new JobCommand(List.of(), line));
    }

    /** A run whose first attempt has begun. */
    final OpenRun run(JobCommand command) throws SQLException {
        JobDefinition job = JobExamples.job(draft -> {
            draft.mode = JobMode.EXEC;
            draft.command = command;
            draft.env = Map.of("OF_JOB", "job");
            draft.workingDirectory = "/proc";
        });
        Instant now = Instant.now();
        try (Connection connection = dataSource.getConnection()) {
            store.insert(
                    connection,
                    new NewRun(
                            id,
                            RunProof.create(),
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
    final OpenRun begun(String execId) throws SQLException {
        return open(run("true").definition(), execId, container, Instant.now().minusSeconds(1));
    }

    private OpenRun open(
            JobDefinition job, @Nullable String execId, @Nullable String containerId, @Nullable Instant startedAt) {
        return new OpenRun(
                id,
                null,
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
    final OpenRun written() throws SQLException {
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
    final void tell(InstanceStatus status) {
        ContainerDetails details =
                connections.engine("local").inspect(container).orElseThrow();
        InstanceState state = SomeInstance.of(workload, container)
                .kind(Kind.SERVICE)
                .named(details.name())
                .status(status)
                .image(details.image())
                .created(details.createdAt())
                .lived(details.startedAt(), null)
                .state();
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
