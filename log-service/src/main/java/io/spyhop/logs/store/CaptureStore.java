package io.spyhop.logs.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.logs.LogLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the logs of each host are being read, as each replica stored it. The database's clock says which rows are fresh.
 * Thread-safe.
 */
@ApplicationScoped
public class CaptureStore {
    // Also takes away what replicas left that do not come back.
    private static final String CLEAR =
            "DELETE FROM logs.capture WHERE replica = ? OR stored_at < now() - ? * interval '1 second'";

    private static final String WRITE = """
            INSERT INTO logs.capture (replica, host, by_file, by_api, stored_at)
            SELECT ?, host, by_file, by_api, now()
            FROM unnest(?::text[], ?::int[], ?::int[]) AS v (host, by_file, by_api)""";

    private static final String SUMS = """
            SELECT host, sum(by_file), sum(by_api) FROM logs.capture
            WHERE stored_at >= now() - ? * interval '1 second' GROUP BY host LIMIT ?""";

    /** Far more than anybody configures. */
    private static final int HOSTS_MAX = 10_000;

    private final AgroalDataSource dataSource;

    @Inject
    CaptureStore(@DataSource("logs") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Replaces what a replica stored before. */
    public void store(String replica, Map<String, CaptureWays> ways) throws SQLException {
        List<Map.Entry<String, CaptureWays>> rows = List.copyOf(ways.entrySet());
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(CLEAR)) {
                statement.setString(1, replica);
                statement.setLong(2, LogLimits.CAPTURE_FRESH.toSeconds());
                statement.executeUpdate();
            }
            try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
                statement.setString(1, replica);
                statement.setArray(
                        2,
                        connection.createArrayOf(
                                "text", rows.stream().map(Map.Entry::getKey).toArray(String[]::new)));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "int",
                                rows.stream().map(row -> row.getValue().file()).toArray(Integer[]::new)));
                statement.setArray(
                        4,
                        connection.createArrayOf(
                                "int",
                                rows.stream().map(row -> row.getValue().api()).toArray(Integer[]::new)));
                statement.executeUpdate();
            }
            connection.commit();
        }
    }

    /** The sums of all replicas by host. */
    public Map<String, CaptureWays> ways() throws SQLException {
        Map<String, CaptureWays> ways = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(SUMS)) {
            statement.setLong(1, LogLimits.CAPTURE_FRESH.toSeconds());
            statement.setInt(2, HOSTS_MAX);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ways.put(row.getString(1), new CaptureWays(row.getInt(2), row.getInt(3)));
                }
            }
        }
        return ways;
    }
}
