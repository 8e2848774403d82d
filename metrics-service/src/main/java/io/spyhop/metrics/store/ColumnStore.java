package io.spyhop.metrics.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows as the array parameters of a statement that unnests them, one column after the other. */
final class ColumnStore<R> {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<R> rows;
    private int next = 1;

    ColumnStore(Connection connection, PreparedStatement statement, List<R> rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
    }

    /** Sets the next parameter to a column of this type. */
    ColumnStore<R> add(String type, Function<R, @Nullable Object> value) throws SQLException {
        statement.setArray(
                next++, connection.createArrayOf(type, rows.stream().map(value).toArray()));
        return this;
    }

    /** The number of the parameter after all columns. */
    int next() {
        return next++;
    }
}
