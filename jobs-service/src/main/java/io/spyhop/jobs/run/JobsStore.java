package io.spyhop.jobs.run;

import io.agroal.api.AgroalDataSource;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How statements are sent: each is a transaction of its own. Thread-safe. */
abstract class JobsStore {
    private final AgroalDataSource dataSource;

    JobsStore(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** How many rows it changed. */
    int count(String sql, ValuesInStore values) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            values.set(update);
            return update.executeUpdate();
        }
    }

    /** Whether it changed its one row. */
    boolean change(String sql, ValuesInStore values) throws SQLException {
        return count(sql, values) == 1;
    }

    <T> List<T> query(String sql, ValuesInStore values, RowReader<T> reading) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            values.set(select);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(reading.read(rows));
                }
            }
            return found;
        }
    }

    static Array partitions(PreparedStatement statement, Collection<Integer> partitions) throws SQLException {
        return statement.getConnection().createArrayOf("int2", partitions.toArray());
    }

    static @Nullable Timestamp timestamp(@Nullable Instant at) {
        return at == null ? null : Timestamp.from(at);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    static Instant instantOf(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    /** The same statement for each item, all in one transaction. */
    <T> void batch(String sql, Collection<T> items, ItemInStore<T> values) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (T item : items) {
                    values.set(statement, item);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
        }
    }

    @FunctionalInterface
    interface ValuesInStore {
        void set(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    @FunctionalInterface
    interface ItemInStore<T> {
        void set(PreparedStatement statement, T item) throws SQLException;
    }
}
