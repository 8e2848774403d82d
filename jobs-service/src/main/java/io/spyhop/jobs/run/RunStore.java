package io.spyhop.jobs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.topic.RecordKey;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far each run is. Each method is one statement, which takes effect wholly or not at all, and changes nothing where the run is
 * not, or no longer, what the caller thinks: its attempt ended, or another began. Thread-safe.
 */
@Singleton
public class RunStore extends JobsStore {
    /** What {@link #run} reads, of a table {@code r}. */
    public static final String COLUMNS = """
        r.id, r.job_id, r.workload_id, r.org, r.mode, r.status, r.exit_code, r.signal, r.oom_killed, r.attempt,
        r.attempts_max, r.triggered_by, r.triggered_by_name, r.rerun_of, r.due_at, r.queued_at, r.started_at,
        r.completed_at, r.reason, r.container_id\
        """;

    private static final String INSERT = """
        INSERT INTO jobs.run (id, workload_id, job_id, org, partition, status, mode, attempt, attempts_max, triggered_by,
            triggered_by_name, rerun_of, due_at, queued_at, next_attempt_at, image, image_digest, definition,
            definition_revision, parameters, idempotency_key, proof)
        VALUES (?, ?, ?, ?, ?, 'queued', ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?, ?)
        ON CONFLICT DO NOTHING\
        """;

    // First what runs: it has to be looked after, however much waits.
    private static final String OPEN = """
        SELECT id, workload_id, mode, status, attempt, next_attempt_at, attempt_started_at,
            (definition ->> 'timeoutSeconds')::bigint AS timeout, cancel_requested_at, stop_signalled_at
        FROM jobs.run WHERE partition = ANY (?) AND status IN ('queued', 'running')
        ORDER BY status DESC, next_attempt_at, id LIMIT ?\
        """;

    private static final String OPEN_COLUMNS = """
        id, proof, workload_id, org, definition, parameters, attempt, attempts_max, host, container_id, image, image_digest,
        attempt_started_at, cancel_requested_at, stop_signalled_at, exec_id, exec_pid\
        """;

    private static final String BEGIN = """
        UPDATE jobs.run SET status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, ?),
            host = NULL, container_id = NULL, exec_id = NULL, exec_pid = NULL, attempt_started_at = NULL,
            stop_signalled_at = NULL, reason = NULL, revision = revision + 1
        WHERE id = ? AND status = 'queued' AND cancel_requested_at IS NULL AND attempt = ?
        RETURNING\s""" + OPEN_COLUMNS;

    private static final String RESUME =
            "SELECT " + OPEN_COLUMNS + " FROM jobs.run WHERE id = ? AND status = 'running' AND attempt = ?";

    private static final String MINE = " WHERE id = ? AND status = 'running' AND attempt = ?";

    private static final String MADE = """
        UPDATE jobs.run SET host = ?, container_id = ?, image = ?, image_digest = ?, env_keys = ?::jsonb,
            container_left = container_left OR mode = 'run', revision = revision + 1\
        """ + MINE;

    private static final String EXEC_MADE = "UPDATE jobs.run SET exec_id = ?, exec_pid = ?" + MINE;

    private static final String STARTED = "UPDATE jobs.run SET attempt_started_at = ?" + MINE;

    private static final String SIGNALLED =
            "UPDATE jobs.run SET stop_signalled_at = coalesce(stop_signalled_at, ?)" + MINE;

    private static final String PUT_OFF = """
        UPDATE jobs.run SET status = 'queued', attempt = attempt - 1, next_attempt_at = ?, reason = ?,
            started_at = CASE WHEN attempt = 1 THEN NULL ELSE started_at END, revision = revision + 1\
        """ + MINE + " AND attempt_started_at IS NULL";

    private static final String WAITING =
            "UPDATE jobs.run SET reason = ?, revision = revision + 1" + MINE + " AND reason IS DISTINCT FROM ?";

    private static final String AGAIN = """
        UPDATE jobs.run SET status = 'queued', next_attempt_at = ?, exit_code = ?, signal = ?, oom_killed = ?, reason = ?,
            stop_signalled_at = NULL, revision = revision + 1\
        """ + MINE + " AND cancel_requested_at IS NULL";

    private static final String COMPLETE = """
        UPDATE jobs.run SET status = ?, completed_at = ?, exit_code = ?, signal = ?, oom_killed = ?, reason = ?,
            attempt_started_at = coalesce(attempt_started_at, ?), revision = revision + 1\
        """ + MINE;

    // One that waits ends with this; one that runs is ended by its executor.
    private static final String CANCEL = """
        UPDATE jobs.run SET cancel_requested_at = coalesce(cancel_requested_at, ?),
            status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,
            completed_at = CASE status WHEN 'queued' THEN ? ELSE completed_at END,
            revision = revision + 1
        WHERE id = ? AND status IN ('queued', 'running')\
        """;

    private static final String UNPUBLISHED = "SELECT " + COLUMNS + """
        , r.revision FROM jobs.run r
        WHERE partition = ANY (?) AND published < revision ORDER BY partition, id LIMIT ?\
        """;

    private static final String PUBLISHED = "UPDATE jobs.run SET published = greatest(published, ?) WHERE id = ?";

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final ObjectMapper json;
    private volatile Runnable onStart = () -> {};

    @Inject
    RunStore(@DataSource("jobs") AgroalDataSource dataSource, ObjectMapper json) {
        super(dataSource);
        this.json = json;
    }

    /**
     * A run that changed.
     *
     * @param revision up to which it is told of with this
     */
    record Changed(Run run, int revision) {}

    /**
     * Writes down a run, {@code queued}, in the caller's transaction. Whoever executes it hears of the commit.
     *
     * @return false where there is one of the same time of the schedule, or the same idempotency key
     */
    public boolean insert(Connection connection, NewRun run) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            JobDefinition job = run.definition();
            int at = 0;
            insert.setString(++at, run.id().value());
            insert.setString(++at, run.workload().value());
            insert.setString(++at, job.id());
            insert.setString(++at, run.org());
            insert.setInt(++at, RecordKey.partitionOf(run.workload().value()));
            insert.setString(++at, job.mode().wire());
            insert.setInt(++at, 1 + job.retries());
            insert.setString(++at, run.triggeredBy());
            insert.setString(++at, run.triggeredByName());
            insert.setString(++at, run.rerunOf() == null ? null : run.rerunOf().value());
            insert.setTimestamp(++at, timestamp(run.dueAt()));
            insert.setTimestamp(++at, timestamp(run.queuedAt()));
            insert.setTimestamp(++at, timestamp(run.dueFrom()));
            insert.setString(++at, run.image());
            insert.setString(++at, run.imageDigest());
            insert.setString(++at, write(job));
            insert.setInt(++at, run.definitionRevision());
            insert.setString(++at, write(run.parameters()));
            insert.setString(++at, run.idempotencyKey());
            insert.setString(++at, run.proof().value());
            return insert.executeUpdate() == 1;
        }
    }

    /**
     * Asks for the end of a run: one that waits is over with it, one that runs is ended by whoever executes it, who hears of it.
     *
     * @return false where it is over, or never was
     */
    public boolean cancel(RunId run, Instant at) throws SQLException {
        return change(CANCEL, statement -> {
            statement.setTimestamp(1, timestamp(at));
            statement.setTimestamp(2, timestamp(at));
            statement.setString(3, run.value());
        });
    }

    /** The open runs of these partitions, those that run first. */
    List<DueRun> open(Collection<Integer> partitions, int max) throws SQLException {
        return query(
                OPEN,
                select -> {
                    select.setArray(1, partitions(select, partitions));
                    select.setInt(2, max);
                },
                row -> new DueRun(
                        new RunId(row.getString("id")),
                        new WorkloadId(row.getString("workload_id")),
                        JobMode.of(row.getString("mode")),
                        RunStatus.of(row.getString("status")),
                        row.getInt("attempt"),
                        instantOf(row, "next_attempt_at"),
                        instant(row, "attempt_started_at"),
                        row.getLong("timeout"),
                        instant(row, "cancel_requested_at"),
                        instant(row, "stop_signalled_at")));
    }

    /** Begins the next attempt; empty where somebody else did, or it was cancelled. */
    Optional<OpenRun> begin(DueRun due, Instant at) throws SQLException {
        return one(BEGIN, update -> {
            update.setTimestamp(1, timestamp(at));
            update.setString(2, due.id().value());
            update.setInt(3, due.attempt());
        });
    }

    /** An attempt that was begun before; empty where it is over. */
    public Optional<OpenRun> resume(RunId run, int attempt) throws SQLException {
        return one(RESUME, select -> {
            select.setString(1, run.value());
            select.setInt(2, attempt);
        });
    }

    /** It is known where the attempt runs, and what of. False where it is the caller's no longer. */
    public boolean made(OpenRun run, MadeOf made) throws SQLException {
        return mine(run, MADE, 5, update -> {
            update.setString(1, made.host());
            update.setString(2, made.containerId());
            update.setString(3, made.image());
            update.setString(4, made.imageDigest());
            update.setString(5, write(made.envKeys()));
        });
    }

    /** The engine has an exec for the attempt. False where it is the caller's no longer. */
    public boolean execMade(OpenRun run, String execId, @Nullable Long pid) throws SQLException {
        return mine(run, EXEC_MADE, 2, update -> {
            update.setString(1, execId);
            update.setObject(2, pid, Types.BIGINT);
        });
    }

    /** The command has begun: its timeout counts from now on. False where the attempt is the caller's no longer. */
    public boolean started(OpenRun run, Instant at) throws SQLException {
        boolean mine = mine(run, STARTED, 1, update -> update.setTimestamp(1, timestamp(at)));
        if (run.definition().timeoutSeconds() > 0) {
            onStart.run();
        }
        return mine;
    }

    /** Called when a command has begun whose time is limited; must not block. */
    void onStart(Runnable listener) {
        onStart = listener;
    }

    /** It is about to be asked to end. False where it ended meanwhile. */
    boolean signalled(RunId run, int attempt, Instant at) throws SQLException {
        return change(SIGNALLED, update -> {
            update.setTimestamp(1, timestamp(at));
            update.setString(2, run.value());
            update.setInt(3, attempt);
        });
    }

    /** Nothing of the attempt has begun, nor can now: it waits as if it had not been tried. False where its command has begun. */
    boolean putOff(OpenRun run, Instant until, String reason) throws SQLException {
        return mine(run, PUT_OFF, 2, update -> {
            update.setTimestamp(1, timestamp(until));
            update.setString(2, reason);
        });
    }

    /** Why nothing is known of what runs. */
    void waiting(OpenRun run, String reason) throws SQLException {
        change(WAITING, update -> {
            update.setString(1, reason);
            update.setString(2, run.id().value());
            update.setInt(3, run.attempt());
            update.setString(4, reason);
        });
    }

    /** The attempt is over, and another one follows. False where it is the caller's no longer, or the run was cancelled. */
    boolean again(OpenRun run, AttemptEnd end, Instant at) throws SQLException {
        return mine(run, AGAIN, 5, update -> {
            update.setTimestamp(1, timestamp(at));
            end(update, 1, end);
        });
    }

    /** The run is over. False where it was already. */
    boolean complete(OpenRun run, AttemptEnd end) throws SQLException {
        return mine(run, COMPLETE, 7, update -> {
            update.setString(1, end.status().wire());
            update.setTimestamp(2, timestamp(end.endedAt()));
            end(update, 2, end);
            update.setTimestamp(7, timestamp(end.startedAt()));
        });
    }

    private static void end(PreparedStatement update, int before, AttemptEnd end) throws SQLException {
        update.setObject(before + 1, end.exitCode(), Types.INTEGER);
        update.setString(before + 2, end.signal());
        update.setObject(before + 3, end.oomKilled(), Types.BOOLEAN);
        update.setString(before + 4, end.reason());
    }

    /** Runs that others were not told of as they are. */
    List<Changed> unpublished(Collection<Integer> partitions, int max) throws SQLException {
        return query(
                UNPUBLISHED,
                select -> {
                    select.setArray(1, partitions(select, partitions));
                    select.setInt(2, max);
                },
                row -> new Changed(run(row), row.getInt("revision")));
    }

    /** Others were told. */
    void published(List<Changed> told) throws SQLException {
        batch(PUBLISHED, told, (update, each) -> {
            update.setInt(1, each.revision());
            update.setString(2, each.run().id().value());
        });
    }

    /** Reads {@link #COLUMNS}. */
    public static Run run(ResultSet row) throws SQLException {
        Instant startedAt = instant(row, "started_at");
        Instant completedAt = instant(row, "completed_at");
        String rerunOf = row.getString("rerun_of");
        return new Run(
                new RunId(row.getString("id")),
                row.getString("job_id"),
                new WorkloadId(row.getString("workload_id")),
                row.getString("org"),
                JobMode.of(row.getString("mode")),
                RunStatus.of(row.getString("status")),
                row.getObject("exit_code", Integer.class),
                row.getString("signal"),
                row.getObject("oom_killed", Boolean.class),
                row.getInt("attempt"),
                row.getInt("attempts_max"),
                row.getString("triggered_by"),
                row.getString("triggered_by_name"),
                rerunOf == null ? null : new RunId(rerunOf),
                instant(row, "due_at"),
                instantOf(row, "queued_at"),
                startedAt,
                completedAt,
                startedAt == null || completedAt == null
                        ? null
                        : Math.max(0, Duration.between(startedAt, completedAt).toMillis()),
                row.getString("reason"),
                row.getString("container_id"));
    }

    private OpenRun open(ResultSet row) throws SQLException {
        try {
            String proof = row.getString("proof");
            return new OpenRun(
                    new RunId(row.getString("id")),
                    proof == null ? null : new RunProof(proof),
                    new WorkloadId(row.getString("workload_id")),
                    row.getString("org"),
                    json.readValue(row.getString("definition"), JobDefinition.class),
                    json.readValue(row.getString("parameters"), TEXTS),
                    row.getInt("attempt"),
                    row.getInt("attempts_max"),
                    row.getString("host"),
                    row.getString("container_id"),
                    row.getString("image"),
                    row.getString("image_digest"),
                    instant(row, "attempt_started_at"),
                    instant(row, "cancel_requested_at"),
                    instant(row, "stop_signalled_at"),
                    row.getString("exec_id"),
                    row.getObject("exec_pid", Long.class));
        } catch (JsonProcessingException e) {
            throw new SQLException("a run's definition cannot be read", e);
        }
    }

    private Optional<OpenRun> one(String sql, ValuesInStore values) throws SQLException {
        return query(sql, values, this::open).stream().findFirst();
    }

    /** Changes what is still the caller's: the attempt's identity comes after the values. */
    private boolean mine(OpenRun run, String sql, int count, ValuesInStore values) throws SQLException {
        return change(sql, update -> {
            values.set(update);
            update.setString(count + 1, run.id().value());
            update.setInt(count + 2, run.attempt());
        });
    }

    private String write(Object value) throws SQLException {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new SQLException("not writable as JSON", e);
        }
    }
}
