package io.spyhop.logs.retention;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.capture.KeptWorkloads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What labels and the API tell of how long lines are kept. Thread-safe; every method is one transaction. */
@ApplicationScoped
class RetentionStore implements KeptWorkloads {
    private static final String COLUMNS =
            "coalesce(r.kept, false), r.label_output, r.label_max_bytes, r.api_output, r.api_system, r.api_max_bytes";

    private static final String RULE = "SELECT " + COLUMNS + " FROM logs.retention r WHERE r.workload_id = ?";

    // Every workload that ever had a line has a position.
    private static final String RULES = "SELECT p.workload_id, " + COLUMNS + """
             FROM logs.position p LEFT JOIN logs.retention r ON r.workload_id = p.workload_id
            WHERE p.workload_id > ? ORDER BY p.workload_id LIMIT ?""";

    private static final String LEAST_BYTES =
            "SELECT min(coalesce(api_max_bytes, label_max_bytes)) FROM logs.retention";

    // A container without labels takes back what an earlier one said, and leaves no row of its own.
    private static final String LABEL = """
            INSERT INTO logs.retention AS r (workload_id, kept, label_output, label_max_bytes, labelled_at)
            SELECT v.* FROM (VALUES (?, ?, ?, ?::bigint, ?::bigint)) AS v (id, kept, output, max_bytes, labelled_at)
            WHERE v.kept OR v.output IS NOT NULL OR v.max_bytes IS NOT NULL
                OR EXISTS (SELECT 1 FROM logs.retention WHERE workload_id = v.id)
            ON CONFLICT (workload_id) DO UPDATE SET kept = excluded.kept, label_output = excluded.label_output,
                label_max_bytes = excluded.label_max_bytes, labelled_at = excluded.labelled_at
            WHERE r.labelled_at < excluded.labelled_at""";

    private static final String KEEP = """
            INSERT INTO logs.retention AS r (workload_id, kept) VALUES (?, true)
            ON CONFLICT (workload_id) DO UPDATE SET kept = true WHERE NOT r.kept""";

    private static final String SET = """
            INSERT INTO logs.retention (workload_id, api_output, api_system, api_max_bytes) VALUES (?, ?, ?, ?)
            ON CONFLICT (workload_id) DO UPDATE SET api_output = excluded.api_output, api_system = excluded.api_system,
                api_max_bytes = excluded.api_max_bytes""";

    private final AgroalDataSource dataSource;

    @Inject
    RetentionStore(@DataSource("logs") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    StoredRule rule(WorkloadId workload) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(RULE)) {
            statement.setString(1, workload.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? read(row, 1) : StoredRule.NONE;
            }
        }
    }

    /** The rules of the next workloads by id, also where nothing is told; empty at the end. */
    Map<WorkloadId, StoredRule> rulesAfter(String id) throws SQLException {
        Map<WorkloadId, StoredRule> rules = new LinkedHashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(RULES)) {
            statement.setString(1, id);
            statement.setInt(2, LogLimits.RULES_PAGE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rules.put(new WorkloadId(row.getString(1)), read(row, 2));
                }
            }
        }
        return rules;
    }

    /** The least budget that is told for any workload; {@link Long#MAX_VALUE} where none is. */
    long leastBytes() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LEAST_BYTES);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long least = row.getLong(1);
            return row.wasNull() ? Long.MAX_VALUE : least;
        }
    }

    /** Keeps what a container's labels say, unless a newer container of the workload has said something. */
    void label(WorkloadId workload, Labels labels) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LABEL)) {
            statement.setString(1, workload.value());
            statement.setBoolean(2, labels.kept());
            setAge(statement, 3, labels.output());
            statement.setObject(4, labels.maxBytes(), Types.BIGINT);
            statement.setLong(5, labels.createdAt());
            statement.executeUpdate();
        }
    }

    @Override
    public void keep(WorkloadId workload) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(KEEP)) {
            statement.setString(1, workload.value());
            statement.executeUpdate();
        }
    }

    /** Replaces what the API has set. */
    void set(WorkloadId workload, @Nullable Age output, @Nullable Age system, @Nullable Long maxBytes)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(SET)) {
            statement.setString(1, workload.value());
            setAge(statement, 2, output);
            setAge(statement, 3, system);
            statement.setObject(4, maxBytes, Types.BIGINT);
            statement.executeUpdate();
        }
    }

    private static StoredRule read(ResultSet row, int from) throws SQLException {
        return new StoredRule(
                row.getBoolean(from),
                age(row.getString(from + 1)),
                row.getObject(from + 2, Long.class),
                age(row.getString(from + 3)),
                age(row.getString(from + 4)),
                row.getObject(from + 5, Long.class));
    }

    private static @Nullable Age age(@Nullable String text) {
        return text == null ? null : Age.parse(text);
    }

    private static void setAge(PreparedStatement statement, int index, @Nullable Age age) throws SQLException {
        statement.setString(index, age == null ? null : age.toString());
    }
}
