package io.spyhop.gateway.ports;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Table {@code port_visibility}. Every method is one statement. Thread-safe. */
@ApplicationScoped
class PortVisibilityStore {
    /** A workload has no more ports than that. */
    private static final String OF =
            "SELECT port, visibility FROM gateway.port_visibility WHERE workload_id = ? LIMIT 65536";

    private static final String PUT = """
            INSERT INTO gateway.port_visibility (workload_id, port, visibility, changed_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (workload_id, port) DO UPDATE SET visibility = excluded.visibility,
                changed_at = excluded.changed_at""";

    private final AgroalDataSource dataSource;

    @Inject
    PortVisibilityStore(@DataSource("gateway") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What was set for ports of a workload, by port. */
    Map<Integer, String> of(WorkloadId workload) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement of = connection.prepareStatement(OF)) {
            of.setString(1, workload.value());
            Map<Integer, String> all = new HashMap<>();
            try (ResultSet row = of.executeQuery()) {
                while (row.next()) {
                    all.put(row.getInt(1), row.getString(2));
                }
            }
            return all;
        } catch (SQLException e) {
            throw away(e);
        }
    }

    void put(WorkloadId workload, int port, String visibility, Instant at) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement put = connection.prepareStatement(PUT)) {
            put.setString(1, workload.value());
            put.setInt(2, port);
            put.setString(3, visibility);
            put.setObject(4, at.atOffset(ZoneOffset.UTC));
            put.executeUpdate();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static SpyhopException away(SQLException e) {
        return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", e);
    }
}
