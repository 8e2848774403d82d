package io.spyhop.lifecycle.probe;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.health.HealthSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How workloads are asked for their health, as it was set by API. Thread-safe; every method is one transaction. */
@ApplicationScoped
class SettingsStore {
    /** More than anybody sets; the rest comes with the next look. */
    private static final int PAGE = 10_000;

    private static final String COLUMNS = "enabled, port, path, interval_s, timeout_ms, threshold";

    private static final String CHANGED = "SELECT workload_id, changed_at, " + COLUMNS
            + " FROM lifecycle.health_setting WHERE changed_at >= ? ORDER BY changed_at LIMIT " + PAGE;

    private static final String FIND = "SELECT " + COLUMNS + " FROM lifecycle.health_setting WHERE workload_id = ?";

    private static final String SET = """
        INSERT INTO lifecycle.health_setting
            (workload_id, changed_at, enabled, port, path, interval_s, timeout_ms, threshold)
        VALUES (?, clock_timestamp(), ?, ?, ?, ?, ?, ?)
        ON CONFLICT (workload_id) DO UPDATE SET changed_at = excluded.changed_at, enabled = excluded.enabled,
            port = excluded.port, path = excluded.path, interval_s = excluded.interval_s,
            timeout_ms = excluded.timeout_ms, threshold = excluded.threshold\
        """;

    private final AgroalDataSource dataSource;

    @Inject
    SettingsStore(@DataSource("lifecycle") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What was set since some time, and when the last of it was. */
    record Changed(Map<WorkloadId, HealthSettings> settings, Instant lastAt) {}

    Changed changedSince(Instant from) throws SQLException {
        Map<WorkloadId, HealthSettings> settings = new HashMap<>();
        Instant last = from;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(CHANGED)) {
            statement.setTimestamp(1, Timestamp.from(from));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    settings.put(new WorkloadId(row.getString(1)), read(row, 3));
                    last = row.getTimestamp(2).toInstant();
                }
            }
        }
        return new Changed(settings, last);
    }

    /** Empty where nothing was set. */
    Optional<HealthSettings> find(WorkloadId workload) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, workload.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row, 1)) : Optional.empty();
            }
        }
    }

    void set(WorkloadId workload, HealthSettings settings) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(SET)) {
            statement.setString(1, workload.value());
            statement.setObject(2, settings.enabled(), Types.BOOLEAN);
            statement.setObject(3, settings.port(), Types.INTEGER);
            statement.setString(4, settings.path());
            statement.setObject(5, settings.intervalSeconds(), Types.INTEGER);
            statement.setObject(6, settings.timeoutMs(), Types.INTEGER);
            statement.setObject(7, settings.threshold(), Types.INTEGER);
            statement.executeUpdate();
        }
    }

    private static HealthSettings read(ResultSet row, int from) throws SQLException {
        return new HealthSettings(
                row.getObject(from, Boolean.class),
                row.getObject(from + 1, Integer.class),
                row.getString(from + 2),
                row.getObject(from + 3, Integer.class),
                row.getObject(from + 4, Integer.class),
                row.getObject(from + 5, Integer.class));
    }
}
