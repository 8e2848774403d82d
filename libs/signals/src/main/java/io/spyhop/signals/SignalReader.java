package io.spyhop.signals;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears what triggers say of commits, on a connection of its own. */
final class SignalReader {
    private final AgroalDataSource dataSource;
    private final String listen;
    private final Duration silence;

    /**
     * A reader that hears nothing yet.
     *
     * @param channel on which triggers notify
     * @param silence after so long without a word it is asked whether the server is there
     */
    SignalReader(AgroalDataSource dataSource, String channel, Duration silence) {
        this.dataSource = dataSource;
        this.listen = "LISTEN " + channel;
        this.silence = silence;
    }

    /**
     * Listens until told to stop.
     *
     * @param begun run once everything that is said from now on will be heard
     * @param heard told each signal's name
     * @throws SQLException when the database is away
     */
    void listen(Runnable begun, Consumer<String> heard, BooleanSupplier stopped) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(listen);
            try {
                begun.run();
                hear(connection.unwrap(PGConnection.class), statement, heard, stopped);
            } finally {
                // The pool hands the connection to others.
                statement.execute("UNLISTEN *");
            }
        }
    }

    private void hear(PGConnection connection, Statement statement, Consumer<String> heard, BooleanSupplier stopped)
            throws SQLException {
        while (!stopped.getAsBoolean()) {
            PGNotification[] said = connection.getNotifications((int) silence.toMillis());
            if (said == null || said.length == 0) {
                // Throws where the server is gone without a word.
                statement.execute(listen);
            } else {
                Arrays.stream(said).map(PGNotification::getParameter).distinct().forEach(heard);
            }
        }
    }
}
