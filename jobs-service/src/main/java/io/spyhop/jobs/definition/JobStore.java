package io.spyhop.jobs.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.topic.RecordKey;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The jobs there are. Thread-safe; every method is one transaction, which takes effect wholly or not at all. */
@Singleton
class JobStore extends TransactionStore {
    private static final String SELECT = "SELECT j.workload_id AS job_workload, j.source AS job_source, j.revision AS"
            + " job_revision, j.definition AS job_definition, j.created_at AS job_created, j.updated_at AS job_updated,"
            + " j.next_at, j.missed_count, coalesce(j.expected_at < ?, false) AS overdue, " + RunStore.COLUMNS + """
         FROM jobs.job j LEFT JOIN LATERAL (
            SELECT * FROM jobs.run newest WHERE newest.workload_id = j.workload_id AND newest.job_id = j.id
            ORDER BY newest.queued_at DESC, newest.id DESC LIMIT 1) r ON true
        WHERE j.workload_id = ?\
        """;

    private static final String LIST = SELECT + " ORDER BY j.id LIMIT " + JobsApi.JOBS_MAX;

    private static final String FIND = SELECT + " AND j.id = ?";

    // Whoever adds a job waits for others that do: they are counted.
    private static final String ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))";

    private static final String CURRENT =
            "SELECT source, revision, definition FROM jobs.job WHERE workload_id = ? AND id = ? FOR UPDATE";

    private static final String COUNT = "SELECT count(*) FROM jobs.job WHERE workload_id = ?";

    private static final String INSERT = """
        INSERT INTO jobs.job (workload_id, id, org, partition, source, revision, definition, created_at, updated_at, anchor_at,
            next_at)
        VALUES (?, ?, ?, ?, ?, 1, ?::jsonb, ?, ?, ?, ?)\
        """;

    private static final String UPDATE = """
        UPDATE jobs.job SET org = ?, definition = ?::jsonb, revision = revision + 1, updated_at = ?
        WHERE workload_id = ? AND id = ?\
        """;

    // Another schedule counts from now on, and has missed nothing.
    private static final String RESCHEDULE = """
        UPDATE jobs.job SET anchor_at = ?, next_at = ?, missed_count = 0, passed_at = NULL, expected_at = NULL
        WHERE workload_id = ? AND id = ?\
        """;

    private static final String DELETE = "DELETE FROM jobs.job WHERE workload_id = ? AND id = ?";

    private static final String BY_LABEL = """
        SELECT workload_id, id FROM jobs.job WHERE partition = ANY (?) AND source = 'label'\
        """;

    private static final String BY_LABEL_OF =
            "SELECT id FROM jobs.job WHERE workload_id = ? AND source = 'label' LIMIT " + JobsApi.JOBS_MAX;

    private final ObjectMapper json;

    @Inject
    JobStore(@DataSource("jobs") AgroalDataSource dataSource, ObjectMapper json) {
        super(dataSource);
        this.json = json;
    }

    /** What there is under an id. */
    private record Current(String source, int revision, JobDefinition definition) {}

    List<Job> list(WorkloadId workload, Instant now) throws SQLException {
        return transaction(connection -> read(prepared(connection, LIST, now, workload.value())));
    }

    Optional<Job> find(WorkloadId workload, String id, Instant now) throws SQLException {
        return transaction(connection -> read(prepared(connection, FIND, now, workload.value(), id)).stream()
                .findFirst());
    }

    private List<Job> read(PreparedStatement select) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        try (select;
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Timestamp nextAt = row.getTimestamp("next_at");
                jobs.add(new Job(
                        definition(row.getString("job_definition")),
                        new WorkloadId(row.getString("job_workload")),
                        row.getString("job_source"),
                        row.getInt("job_revision"),
                        row.getTimestamp("job_created").toInstant(),
                        row.getTimestamp("job_updated").toInstant(),
                        nextAt == null ? null : nextAt.toInstant(),
                        row.getInt("missed_count"),
                        row.getBoolean("overdue"),
                        row.getString("id") == null ? null : RunStore.run(row)));
            }
        }
        return jobs;
    }

    /** Creates a job, unless there is one of its id. */
    JobOutcome create(JobChange change) throws SQLException {
        return changed(
                change,
                connection -> current(connection, change).isPresent() ? JobOutcome.EXISTS : insert(connection, change));
    }

    /**
     * Creates a job, or replaces it where it comes from the same source. One that is like this already stays as it is.
     *
     * @param revision which one is replaced; null for whichever there is
     */
    JobOutcome put(JobChange change, @Nullable Integer revision) throws SQLException {
        return changed(change, connection -> {
            Optional<Current> current = current(connection, change);
            if (current.isEmpty()) {
                return revision == null ? insert(connection, change) : JobOutcome.OTHER_REVISION;
            }
            if (!current.get().source().equals(change.source())) {
                return JobOutcome.FOREIGN;
            }
            if (current.get().definition().equals(change.definition())) {
                return JobOutcome.DONE;
            }
            if (revision != null && revision != current.get().revision()) {
                return JobOutcome.OTHER_REVISION;
            }
            return replace(connection, current.get().definition(), change);
        });
    }

    /** Removes a job that comes from this source. */
    JobOutcome delete(WorkloadId workload, String id, String source) throws SQLException {
        return transaction(connection -> {
            Optional<Current> current = current(connection, workload, id);
            if (current.isEmpty()) {
                return JobOutcome.UNKNOWN;
            }
            if (!current.get().source().equals(source)) {
                return JobOutcome.FOREIGN;
            }
            update(connection, DELETE, workload.value(), id);
            return JobOutcome.DONE;
        });
    }

    /** The ids of all jobs that labels define, of workloads in these partitions. */
    Map<WorkloadId, List<String>> byLabel(Set<Integer> partitions) throws SQLException {
        return transaction(connection -> {
            Map<WorkloadId, List<String>> found = new HashMap<>();
            try (PreparedStatement select = prepared(connection, BY_LABEL, partitions(connection, partitions));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.computeIfAbsent(new WorkloadId(row.getString(1)), id -> new ArrayList<>())
                            .add(row.getString(2));
                }
            }
            return found;
        });
    }

    /** The ids of a workload's jobs that labels define. */
    List<String> byLabel(WorkloadId workload) throws SQLException {
        return transaction(connection -> {
            List<String> found = new ArrayList<>();
            try (PreparedStatement select = prepared(connection, BY_LABEL_OF, workload.value());
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        });
    }

    private JobOutcome changed(JobChange change, InStore<JobOutcome> work) throws SQLException {
        return transaction(connection -> {
            try (PreparedStatement lock =
                    prepared(connection, ONE_AT_A_TIME, change.workload().value())) {
                lock.execute();
            }
            return work.run(connection);
        });
    }

    private Optional<Current> current(Connection connection, JobChange change) throws SQLException {
        return current(connection, change.workload(), change.definition().id());
    }

    private Optional<Current> current(Connection connection, WorkloadId workload, String id) throws SQLException {
        try (PreparedStatement select = prepared(connection, CURRENT, workload.value(), id);
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(new Current(row.getString(1), row.getInt(2), definition(row.getString(3))))
                    : Optional.empty();
        }
    }

    private JobOutcome insert(Connection connection, JobChange change) throws SQLException {
        String workload = change.workload().value();
        try (PreparedStatement count = prepared(connection, COUNT, workload);
                ResultSet row = count.executeQuery()) {
            if (row.next() && row.getInt(1) >= JobsApi.JOBS_MAX) {
                return JobOutcome.TOO_MANY;
            }
        }
        update(
                connection,
                INSERT,
                workload,
                change.definition().id(),
                change.org(),
                RecordKey.partitionOf(workload),
                change.source(),
                text(change.definition()),
                change.at(),
                change.at(),
                change.at(),
                change.nextAt());
        return JobOutcome.DONE;
    }

    private JobOutcome replace(Connection connection, JobDefinition before, JobChange change) throws SQLException {
        String workload = change.workload().value();
        JobDefinition after = change.definition();
        update(connection, UPDATE, change.org(), text(after), change.at(), workload, after.id());
        boolean sameTimes = Objects.equals(before.schedule(), after.schedule())
                && before.timeZone().equals(after.timeZone())
                && before.enabled() == after.enabled();
        if (!sameTimes) {
            update(connection, RESCHEDULE, change.at(), change.nextAt(), workload, after.id());
        }
        return JobOutcome.DONE;
    }

    private String text(JobDefinition definition) throws SQLException {
        try {
            return json.writeValueAsString(definition);
        } catch (JsonProcessingException e) {
            throw new SQLException("a job cannot be written as JSON", e);
        }
    }

    private JobDefinition definition(String text) throws SQLException {
        try {
            return json.readValue(text, JobDefinition.class);
        } catch (JsonProcessingException e) {
            throw new SQLException("a job cannot be read", e);
        }
    }
}
