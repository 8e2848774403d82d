package io.spyhop.metrics.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Locks that replicas of this service share, by numbers of the database. Each is held until its transaction ends. */
enum LockStore {
    /** Whoever makes or drops a partition. */
    PARTITIONS(1),
    /** Whoever rolls up. */
    ROLL_UP(2),
    /** The row of progress: shared by whoever stores samples, taken alone by whoever changes it. */
    PROGRESS(3);

    /** Tells these locks from those of other services: "metr" as a number. */
    private static final int SPACE = 0x6d657472;

    private final int number;

    LockStore(int number) {
        this.number = number;
    }

    /** Waits until nobody else has it. */
    void take(Connection connection) throws SQLException {
        ask(connection, "SELECT true FROM (SELECT pg_advisory_xact_lock(?, ?)) AS taken");
    }

    /** Waits until nobody has it alone. */
    void share(Connection connection) throws SQLException {
        ask(connection, "SELECT true FROM (SELECT pg_advisory_xact_lock_shared(?, ?)) AS shared");
    }

    /** Takes it if nobody else has it. */
    boolean tryTake(Connection connection) throws SQLException {
        return ask(connection, "SELECT pg_try_advisory_xact_lock(?, ?)");
    }

    private boolean ask(Connection connection, String question) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setInt(1, SPACE);
            statement.setInt(2, number);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
