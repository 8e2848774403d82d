package io.spyhop.lifecycle.probe;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.workload.InstanceState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Probes and what they changed. Thread-safe; every method is one transaction and may be repeated. */
@ApplicationScoped
class ProbeStore {
    private static final String PLANNED = """
        INSERT INTO lifecycle.probed_instance AS i (host, container_id, workload_id, life_started_at, asked_by, port,
            path, interval_s, timeout_ms, threshold, reason, planned_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now())
        ON CONFLICT (host, container_id) DO UPDATE SET life_started_at = excluded.life_started_at,
            asked_by = excluded.asked_by, port = excluded.port, path = excluded.path,
            interval_s = excluded.interval_s, timeout_ms = excluded.timeout_ms, threshold = excluded.threshold,
            reason = excluded.reason, planned_at = excluded.planned_at
        RETURNING no\
        """;

    private static final String LAST = """
        SELECT failures FROM lifecycle.probe WHERE instance_no = ? AND at >= ? ORDER BY at DESC LIMIT 1\
        """;

    private static final String CROSSING = """
        SELECT at, reason FROM lifecycle.probe WHERE instance_no = ? AND at >= ? AND failures = ?
        ORDER BY at DESC LIMIT 1\
        """;

    private static final String PROBE = """
        INSERT INTO lifecycle.probe (instance_no, at, ok, latency_ms, failures, way, reason)
        SELECT ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM lifecycle.probed_instance WHERE no = ?)
        ON CONFLICT DO NOTHING\
        """;

    private static final String CHANGE = """
        INSERT INTO lifecycle.health_change (instance_no, at, healthy, failures, reason)
        SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM lifecycle.probed_instance WHERE no = ?)
        ON CONFLICT DO NOTHING\
        """;

    private static final String REMOVE_PROBES = """
        DELETE FROM lifecycle.probe WHERE (instance_no, at) IN (
            SELECT instance_no, at FROM lifecycle.probe WHERE at < ? LIMIT ?)\
        """;

    private static final String REMOVE_CHANGES = """
        DELETE FROM lifecycle.health_change WHERE (instance_no, at) IN (
            SELECT instance_no, at FROM lifecycle.health_change WHERE at < ? LIMIT ?)\
        """;

    // Of containers that are gone, once nothing is left to tell of them.
    private static final String REMOVE_INSTANCES = """
        DELETE FROM lifecycle.probed_instance WHERE no IN (
            SELECT p.no FROM lifecycle.probed_instance p
            WHERE p.planned_at < ?
                AND NOT EXISTS (SELECT 1 FROM lifecycle.instance i WHERE i.host = p.host
                    AND i.container_id = p.container_id AND i.removed_at IS NULL)
                AND NOT EXISTS (SELECT 1 FROM lifecycle.probe o WHERE o.instance_no = p.no)
                AND NOT EXISTS (SELECT 1 FROM lifecycle.health_change c WHERE c.instance_no = p.no)
            LIMIT ?)\
        """;

    private final AgroalDataSource dataSource;

    @Inject
    ProbeStore(@DataSource("lifecycle") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * What was found out about a life before.
     *
     * @param row the number under which it is stored
     * @param failures in a row
     * @param crossing null while they are fewer than the threshold
     */
    record Resumed(int row, int failures, @Nullable Crossing crossing) {}

    /** The probe with which the failures reached the threshold. */
    record Crossing(Instant at, @Nullable String reason) {}

    /** What waits to be stored: a probe, or what it changed, or both. */
    record Entry(
            int instance,
            @Nullable StoredProbe probe,
            @Nullable HealthChange change) {}

    /** Keeps how a life is asked. */
    Resumed resume(InstanceState state, Instant life, Plan plan) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            int row = planned(connection, state, life, plan);
            int failures = failures(connection, row, life);
            boolean crossed = failures >= plan.threshold();
            return new Resumed(row, failures, crossed ? crossing(connection, row, life, plan.threshold()) : null);
        }
    }

    void store(List<Entry> batch) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement probes = connection.prepareStatement(PROBE);
                    PreparedStatement changes = connection.prepareStatement(CHANGE)) {
                for (Entry entry : batch) {
                    if (entry.probe() != null) {
                        add(probes, entry.probe());
                    }
                    if (entry.change() != null) {
                        add(changes, entry.instance(), entry.change());
                    }
                }
                probes.executeBatch();
                changes.executeBatch();
            }
            connection.commit();
        }
    }

    /** Removes some of what is older; whether there may be more. */
    boolean remove(Instant now, Duration probesKept, Duration changesKept) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            int probes = remove(connection, REMOVE_PROBES, now.minus(probesKept));
            int changes = remove(connection, REMOVE_CHANGES, now.minus(changesKept));
            int instances = remove(connection, REMOVE_INSTANCES, now.minus(probesKept));
            return Math.max(probes, Math.max(changes, instances)) >= ProbeLimits.REMOVED_AT_ONCE;
        }
    }

    private static int planned(Connection connection, InstanceState state, Instant life, Plan plan)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PLANNED)) {
            statement.setString(1, state.host());
            statement.setString(2, state.containerId());
            statement.setString(3, state.workload().id().value());
            statement.setTimestamp(4, Timestamp.from(life));
            statement.setString(5, plan.by().name().toLowerCase(Locale.ROOT));
            statement.setObject(6, plan.port(), Types.INTEGER);
            statement.setString(7, plan.path());
            statement.setInt(8, Math.toIntExact(plan.interval().toSeconds()));
            statement.setInt(9, Math.toIntExact(plan.timeout().toMillis()));
            statement.setInt(10, plan.threshold());
            statement.setString(11, plan.reason());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static int failures(Connection connection, int row, Instant life) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST)) {
            statement.setInt(1, row);
            statement.setTimestamp(2, Timestamp.from(life));
            try (ResultSet last = statement.executeQuery()) {
                return last.next() ? last.getInt(1) : 0;
            }
        }
    }

    private static @Nullable Crossing crossing(Connection connection, int row, Instant life, int threshold)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CROSSING)) {
            statement.setInt(1, row);
            statement.setTimestamp(2, Timestamp.from(life));
            statement.setInt(3, threshold);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? new Crossing(found.getTimestamp(1).toInstant(), found.getString(2)) : null;
            }
        }
    }

    private static void add(PreparedStatement statement, StoredProbe probe) throws SQLException {
        Answer answer = probe.answer();
        statement.setInt(1, probe.instance());
        statement.setTimestamp(2, Timestamp.from(probe.at()));
        statement.setBoolean(3, answer.ok());
        statement.setFloat(4, answer.latency().toNanos() / 1e6f);
        statement.setInt(5, probe.failures());
        statement.setString(6, answer.way().wire());
        statement.setString(7, answer.reason());
        statement.setInt(8, probe.instance());
        statement.addBatch();
    }

    private static void add(PreparedStatement statement, int instance, HealthChange change) throws SQLException {
        statement.setInt(1, instance);
        statement.setTimestamp(2, Timestamp.from(change.at()));
        statement.setBoolean(3, change.kind() == HealthChange.Kind.HEALTHY);
        statement.setObject(4, change.failures(), Types.INTEGER);
        statement.setString(5, change.reason());
        statement.setInt(6, instance);
        statement.addBatch();
    }

    private static int remove(Connection connection, String sql, Instant before) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setTimestamp(1, Timestamp.from(before));
            statement.setInt(2, ProbeLimits.REMOVED_AT_ONCE);
            return statement.executeUpdate();
        }
    }
}
