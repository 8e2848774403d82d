package io.spyhop.gateway.ports;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.ports.PortProtocols.Opened;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Table {@code port_protocol}. Every method is one statement. Thread-safe. */
@ApplicationScoped
class PortProtocolStore {
    private static final String NEWEST = """
            SELECT container_id, port, since, protocol FROM gateway.port_protocol
            ORDER BY found_at DESC LIMIT ?""";

    private static final String PUT = """
            INSERT INTO gateway.port_protocol (container_id, port, since, protocol, found_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (container_id, port) DO UPDATE SET since = excluded.since, protocol = excluded.protocol,
                found_at = excluded.found_at""";

    private static final String FORGET = "DELETE FROM gateway.port_protocol WHERE found_at < ?";

    private final AgroalDataSource dataSource;

    @Inject
    PortProtocolStore(@DataSource("gateway") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What was found out last. */
    Map<Opened, String> newest(int limit) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement newest = connection.prepareStatement(NEWEST)) {
            newest.setInt(1, limit);
            Map<Opened, String> all = new HashMap<>();
            try (ResultSet row = newest.executeQuery()) {
                while (row.next()) {
                    Instant since = row.getObject(3, OffsetDateTime.class).toInstant();
                    all.put(new Opened(row.getString(1), row.getInt(2), since), row.getString(4));
                }
            }
            return all;
        } catch (SQLException e) {
            throw away(e);
        }
    }

    void put(Opened opened, String protocol, Instant at) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement put = connection.prepareStatement(PUT)) {
            put.setString(1, opened.containerId());
            put.setInt(2, opened.port());
            put.setObject(3, opened.since().atOffset(ZoneOffset.UTC));
            put.setString(4, protocol);
            put.setObject(5, at.atOffset(ZoneOffset.UTC));
            put.executeUpdate();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    /** Removes what was found out before a time. */
    void forget(Instant before) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            forget.setObject(1, before.atOffset(ZoneOffset.UTC));
            forget.executeUpdate();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static SpyhopException away(SQLException e) {
        return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", e);
    }
}
