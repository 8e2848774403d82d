package io.spyhop.jobs.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobParameter;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.jobs.run.NewRun;
import io.spyhop.jobs.run.RunStore;
import io.spyhop.jobs.transaction.TransactionStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims times of schedules: whoever holds a job's row makes the run and moves the schedule on, in one transaction, and nobody waits
 * for such a row. So each time comes once, however many replicas look, and whenever one dies. Thread-safe.
 */
@Singleton
class ClaimStore extends TransactionStore {
    private static final String DUE = """
        SELECT workload_id, org, revision, definition, anchor_at, next_at, passed_at, expected_at
        FROM jobs.job WHERE next_at <= ? ORDER BY next_at, workload_id, id LIMIT ? FOR UPDATE SKIP LOCKED\
        """;

    // A statement of its own, after the rows are held: what was asked for before that is seen.
    private static final String BUSY = """
        SELECT DISTINCT run.workload_id, run.job_id FROM jobs.run
            JOIN unnest(?::text[], ?::text[]) AS wanted (workload_id, job_id)
            ON run.workload_id = wanted.workload_id AND run.job_id = wanted.job_id
        WHERE run.status IN ('queued', 'running')\
        """;

    private static final String MOVE = """
        UPDATE jobs.job SET next_at = ?, missed_count = missed_count + ?, passed_at = ?, expected_at = ?
        WHERE workload_id = ? AND id = ?\
        """;

    private static final String FIRST = "SELECT min(next_at) FROM jobs.job WHERE next_at IS NOT NULL";

    private final RunStore runs;
    private final ObjectMapper json;

    @Inject
    ClaimStore(@DataSource("jobs") AgroalDataSource dataSource, RunStore runs, ObjectMapper json) {
        super(dataSource);
        this.runs = runs;
        this.json = json;
    }

    /** Which job. */
    private record Key(String workload, String job) {}

    /** What becomes of a due job; empty where nothing does yet. */
    @FunctionalInterface
    interface Decision {
        Optional<Claim> of(DueJob job, boolean alone);
    }

    /**
     * What was claimed.
     *
     * @param looked how many jobs were looked at
     * @param moved those with which something was done
     */
    record Claimed(int looked, Map<DueJob, Claim> moved) {}

    /** Claims some of what is due until an instant. */
    Claimed claim(Instant until, Instant now, Decision decision) throws SQLException {
        return transaction(connection -> {
            List<DueJob> due = due(connection, until);
            Set<Key> busy = busy(connection, due);
            Map<DueJob, Claim> moved = new HashMap<>();
            for (DueJob job : due) {
                boolean alone = busy.contains(key(job));
                decision.of(job, alone).ifPresent(claim -> moved.put(job, claim));
            }
            for (Map.Entry<DueJob, Claim> each : moved.entrySet()) {
                Instant runAt = each.getValue().runAt();
                if (runAt != null) {
                    // False where that time was claimed once before: then somebody set the schedule back.
                    runs.insert(connection, run(each.getKey(), runAt, now));
                }
            }
            move(connection, moved);
            return new Claimed(due.size(), moved);
        });
    }

    /** The first time of all schedules that is not claimed; empty where there is none. */
    Optional<Instant> first() throws SQLException {
        return transaction(connection -> {
            try (PreparedStatement select = prepared(connection, FIRST);
                    ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(instant(row, 1)) : Optional.empty();
            }
        });
    }

    private List<DueJob> due(Connection connection, Instant until) throws SQLException {
        List<DueJob> due = new ArrayList<>();
        try (PreparedStatement select = prepared(connection, DUE, until, ScheduleLimits.BATCH);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                due.add(new DueJob(
                        new WorkloadId(row.getString(1)),
                        row.getString(2),
                        row.getInt(3),
                        json.readValue(row.getString(4), JobDefinition.class),
                        row.getTimestamp(5).toInstant(),
                        row.getTimestamp(6).toInstant(),
                        instant(row, 7),
                        instant(row, 8)));
            }
        } catch (JsonProcessingException e) {
            throw new SQLException("a job cannot be read", e);
        }
        return due;
    }

    /** Those that forbid a second run, while one goes on. */
    private static Set<Key> busy(Connection connection, List<DueJob> due) throws SQLException {
        List<Key> wanted = due.stream()
                .filter(job -> job.definition().concurrency().equals(JobDefinition.FORBID))
                .map(ClaimStore::key)
                .toList();
        Set<Key> busy = new HashSet<>();
        if (wanted.isEmpty()) {
            return busy;
        }
        try (PreparedStatement select = prepared(
                        connection,
                        BUSY,
                        connection.createArrayOf(
                                "text", wanted.stream().map(Key::workload).toArray()),
                        connection.createArrayOf(
                                "text", wanted.stream().map(Key::job).toArray()));
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                busy.add(new Key(row.getString(1), row.getString(2)));
            }
        }
        return busy;
    }

    private static void move(Connection connection, Map<DueJob, Claim> moved) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(MOVE)) {
            for (Map.Entry<DueJob, Claim> each : moved.entrySet()) {
                Claim claim = each.getValue();
                update.setTimestamp(1, timestamp(claim.nextAt()));
                update.setInt(2, claim.missed());
                update.setTimestamp(3, timestamp(claim.passedAt()));
                update.setTimestamp(4, timestamp(claim.expectedAt()));
                update.setString(5, each.getKey().workload().value());
                update.setString(6, each.getKey().definition().id());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static NewRun run(DueJob job, Instant runAt, Instant now) {
        Instant queuedAt = runAt.isAfter(now) ? runAt : now;
        Map<String, String> parameters = new HashMap<>();
        for (JobParameter parameter : job.definition().parameters()) {
            String value = parameter.defaultValue();
            if (value != null) {
                parameters.put(parameter.name(), value);
            }
        }
        RunProof proof = RunProof.create();
        return new NewRun(
                RunId.create(queuedAt, proof),
                proof,
                job.workload(),
                job.org(),
                job.definition(),
                job.revision(),
                parameters,
                Run.BY_SCHEDULE,
                null,
                null,
                runAt,
                queuedAt,
                queuedAt,
                null,
                null,
                null);
    }

    private static Key key(DueJob job) {
        return new Key(job.workload().value(), job.definition().id());
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant at) {
        return at == null ? null : Timestamp.from(at);
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
