package io.spyhop.lifecycle.probe;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.health.HealthCheck;
import io.spyhop.contracts.health.HealthProbe;
import io.spyhop.contracts.health.HealthTransition;
import io.spyhop.contracts.health.InstanceHealth;
import io.spyhop.contracts.workload.Workload;
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
import org.jspecify.annotations.Nullable;

/** Reads what was found out about instances. Thread-safe. */
@ApplicationScoped
class ProbeReader {
    private static final String INSTANCE = """
        SELECT no, asked_by, port, path, interval_s, timeout_ms, threshold, reason
        FROM lifecycle.probed_instance WHERE host = ? AND container_id = ?\
        """;

    private static final String PROBES = """
        SELECT at, ok, latency_ms, way, reason, failures FROM lifecycle.probe
        WHERE instance_no = ? ORDER BY at DESC LIMIT ?\
        """;

    private static final String CHANGES = """
        SELECT at, healthy, failures, reason FROM lifecycle.health_change
        WHERE instance_no = ? ORDER BY at DESC LIMIT ?\
        """;

    private final AgroalDataSource dataSource;

    @Inject
    ProbeReader(@DataSource("lifecycle") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** How each of them is, in the same order. */
    List<InstanceHealth> read(List<Workload.Instance> instances, int limit) throws SQLException {
        List<InstanceHealth> health = new ArrayList<>();
        try (Connection connection = dataSource.getConnection()) {
            for (Workload.Instance instance : instances) {
                health.add(read(connection, instance, limit));
            }
        }
        return health;
    }

    /** The newest probes of a container, newest first; none where it was never asked. */
    List<HealthProbe> recent(String host, String containerId, int limit) throws SQLException {
        List<HealthProbe> probes = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSTANCE)) {
            statement.setString(1, host);
            statement.setString(2, containerId);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    probes(connection, row.getInt(1), limit, null, probes);
                }
            }
        }
        return probes;
    }

    private static InstanceHealth read(Connection connection, Workload.Instance instance, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSTANCE)) {
            statement.setString(1, instance.host());
            statement.setString(2, instance.containerId());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return health(instance, 0, List.of(), List.of(), null);
                }
                int no = row.getInt(1);
                HealthCheck check = check(row);
                List<HealthProbe> probes = new ArrayList<>();
                int failures = probes(connection, no, limit, instance.startedAt(), probes);
                return health(instance, failures, probes, changes(connection, no, limit), check);
            }
        }
    }

    private static InstanceHealth health(
            Workload.Instance instance,
            int failures,
            List<HealthProbe> probes,
            List<HealthTransition> changes,
            @Nullable HealthCheck check) {
        HealthProbe last = probes.isEmpty() ? null : probes.getFirst();
        return new InstanceHealth(
                instance.index(),
                instance.containerId(),
                instance.status(),
                instance.status().alive() ? failures : 0,
                last == null ? null : last.way(),
                last,
                probes,
                changes,
                check);
    }

    private static HealthCheck check(ResultSet row) throws SQLException {
        String by = row.getString(2);
        boolean probed = by.equals("probe");
        return new HealthCheck(
                by,
                row.getObject(3, Integer.class),
                probed ? row.getString(4) : null,
                by.equals("none") ? null : row.getInt(5),
                probed ? row.getInt(6) : null,
                probed ? row.getInt(7) : null,
                row.getString(8));
    }

    /** Adds the newest ones; the failures in a row of the last one, if it is of the present life. */
    private static int probes(
            Connection connection, int no, int limit, @Nullable Instant life, List<HealthProbe> probes)
            throws SQLException {
        int failures = 0;
        try (PreparedStatement statement = connection.prepareStatement(PROBES)) {
            statement.setInt(1, no);
            statement.setInt(2, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Instant at = row.getTimestamp(1).toInstant();
                    if (probes.isEmpty() && (life == null || !at.isBefore(life))) {
                        failures = row.getInt(6);
                    }
                    probes.add(new HealthProbe(
                            at, row.getBoolean(2), millis(row.getFloat(3)), row.getString(4), row.getString(5)));
                }
            }
        }
        return failures;
    }

    private static List<HealthTransition> changes(Connection connection, int no, int limit) throws SQLException {
        List<HealthTransition> changes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(CHANGES)) {
            statement.setInt(1, no);
            statement.setInt(2, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Timestamp at = row.getTimestamp(1);
                    changes.add(new HealthTransition(
                            at.toInstant(),
                            row.getBoolean(2) ? "healthy" : "unhealthy",
                            row.getObject(3, Integer.class),
                            row.getString(4)));
                }
            }
        }
        return changes;
    }

    /** To the microsecond, which is more than is known. */
    private static double millis(float stored) {
        return Math.round(stored * 1000d) / 1000d;
    }
}
