package io.spyhop.jobs.transaction;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Does several statements as one. Thread-safe. */
public abstract class TransactionStore {
    private final AgroalDataSource dataSource;

    /** Over the service's database. */
    protected TransactionStore(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What is done. */
    @FunctionalInterface
    protected interface InStore<T> {
        /** Everything or, where it throws, nothing of this takes effect. */
        T run(Connection connection) throws SQLException;
    }

    /** Does it in a transaction of its own. */
    protected <T> T transaction(InStore<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                try {
                    connection.rollback();
                } catch (SQLException broken) {
                    e.addSuppressed(broken);
                }
                throw e;
            }
        }
    }

    /** Sets the first parameters, in order: texts, numbers, instants, truths. */
    protected static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            statement.setObject(i + 1, value instanceof Instant at ? Timestamp.from(at) : value);
        }
        return statement;
    }

    /** How many rows a statement changes. */
    protected static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** Partitions as the database takes them. */
    protected static Object partitions(Connection connection, Collection<Integer> partitions) throws SQLException {
        return connection.createArrayOf("smallint", partitions.toArray());
    }
}
