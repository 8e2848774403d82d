package io.spyhop.jobs.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.ExecQuery;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunDetails;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.jobs.run.RunStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads runs. A page is read from an index in the order of the page: without a filter by status or trigger from one range of it,
 * else from one range for each status and trigger that is wanted, of which the newest are merged. So it takes as long for the first
 * page as for the last, and as long for a rare status as for a frequent one. Thread-safe.
 */
@ApplicationScoped
class RunReader {
    private static final List<String> TRIGGERS = List.of(Run.BY_API, Run.BY_DASHBOARD, Run.BY_SCHEDULE);

    private static final String NEWEST_FIRST = " ORDER BY r.queued_at DESC, r.id DESC LIMIT ?";

    private static final String FIND = "SELECT " + RunStore.COLUMNS + """
        , r.definition, r.definition_revision, r.parameters, r.image, r.image_digest, r.env_keys
        FROM jobs.run r WHERE r.id = ? AND r.workload_id = ? AND r.job_id = ?\
        """;

    static final String EXECS = """
        SELECT r.id FROM jobs.run r
        WHERE r.mode = 'exec' AND coalesce(r.completed_at, 'infinity'::timestamptz) >= ? AND r.queued_at < ?
            AND (? OR r.org = ANY(?)) AND (? OR r.workload_id = ANY(?)) LIMIT ?""";

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};

    private final AgroalDataSource dataSource;
    private final ObjectMapper json;

    @Inject
    RunReader(@DataSource("jobs") AgroalDataSource dataSource, ObjectMapper json) {
        this.dataSource = dataSource;
        this.json = json;
    }

    /** A statement and what its question marks stand for. */
    record Statement(String sql, List<Object> values) {}

    /** Runs before a cursor, newest first. */
    List<Run> page(RunQuery query, @Nullable RunCursor cursor, int max) throws SQLException {
        if (query.triggeredBy() != null && !TRIGGERS.contains(query.triggeredBy())) {
            return List.of();
        }
        Statement statement = statement(query, cursor, max);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(statement.sql())) {
            set(select, statement.values());
            List<Run> runs = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    runs.add(RunStore.run(row));
                }
            }
            return runs;
        }
    }

    /** Runs inside instances. */
    List<RunId> execs(ExecQuery query) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(EXECS)) {
            Object[] workloads =
                    query.workloads().stream().map(WorkloadId::value).toArray();
            set(
                    select,
                    List.of(
                            query.from(),
                            query.to(),
                            query.orgs().isEmpty(),
                            connection.createArrayOf("text", query.orgs().toArray()),
                            query.workloads().isEmpty(),
                            connection.createArrayOf("text", workloads),
                            query.limit()));
            List<RunId> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new RunId(row.getString(1)));
                }
            }
            return found;
        }
    }

    Optional<RunDetails> find(WorkloadId workload, String job, RunId run) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(FIND)) {
            set(select, List.of(run.value(), workload.value(), job));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(details(row)) : Optional.empty();
            }
        }
    }

    static Statement statement(RunQuery query, @Nullable RunCursor cursor, int max) {
        List<Object> values = new ArrayList<>();
        StringBuilder where = new StringBuilder(" WHERE r.workload_id = ?");
        values.add(query.workload().value());
        add(where, values, " AND r.job_id = ?", query.jobId());
        add(where, values, " AND r.queued_at >= ?", query.from());
        add(where, values, " AND r.queued_at < ?", query.to());
        if (cursor != null) {
            where.append(" AND (r.queued_at, r.id) < (?, ?)");
            values.add(cursor.queuedAt());
            values.add(cursor.id().value());
        }
        values.add(max);
        if (query.status() == null && query.triggeredBy() == null) {
            return new Statement("SELECT " + RunStore.COLUMNS + " FROM jobs.run r" + where + NEWEST_FIRST, values);
        }
        values.add(max);
        String ranges = statuses(query)
                .flatMap(status -> triggers(query).map(trigger -> "('" + status + "', '" + trigger + "')"))
                .collect(Collectors.joining(", "));
        return new Statement(
                "SELECT " + RunStore.COLUMNS + " FROM (VALUES " + ranges + ") AS wanted (status, triggered_by)"
                        + " CROSS JOIN LATERAL (SELECT " + RunStore.COLUMNS + " FROM jobs.run r" + where
                        + " AND r.status = wanted.status AND r.triggered_by = wanted.triggered_by" + NEWEST_FIRST
                        + ") AS r" + NEWEST_FIRST,
                values);
    }

    private static Stream<String> statuses(RunQuery query) {
        RunStatus status = query.status();
        return status == null ? Stream.of(RunStatus.values()).map(RunStatus::wire) : Stream.of(status.wire());
    }

    /** Only known ones come into a statement. */
    private static Stream<String> triggers(RunQuery query) {
        String trigger = query.triggeredBy();
        return TRIGGERS.stream().filter(each -> trigger == null || each.equals(trigger));
    }

    private static void add(StringBuilder where, List<Object> values, String condition, @Nullable Object value) {
        if (value != null) {
            where.append(condition);
            values.add(value);
        }
    }

    private static void set(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            statement.setObject(i + 1, value instanceof Instant at ? Timestamp.from(at) : value);
        }
    }

    private RunDetails details(ResultSet row) throws SQLException {
        try {
            String envKeys = row.getString("env_keys");
            return new RunDetails(
                    RunStore.run(row),
                    withoutValues(json.readValue(row.getString("definition"), JobDefinition.class)),
                    row.getInt("definition_revision"),
                    json.readValue(row.getString("parameters"), TEXTS),
                    row.getString("image"),
                    row.getString("image_digest"),
                    envKeys == null ? List.of() : json.readValue(envKeys, NAMES));
        } catch (JsonProcessingException e) {
            throw new SQLException("a run cannot be read", e);
        }
    }

    private static JobDefinition withoutValues(JobDefinition job) {
        Map<String, String> names = job.env().keySet().stream().collect(Collectors.toMap(name -> name, name -> ""));
        return new JobDefinition(
                job.id(),
                job.name(),
                job.mode(),
                job.command(),
                names,
                job.parameters(),
                job.image(),
                job.workingDirectory(),
                job.timeoutSeconds(),
                job.retries(),
                job.retryBackoffSeconds(),
                job.concurrency(),
                job.schedule(),
                job.timeZone(),
                job.missed(),
                job.enabled());
    }
}
