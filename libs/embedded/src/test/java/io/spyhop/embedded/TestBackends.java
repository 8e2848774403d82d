package io.spyhop.embedded;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real broker and a real database for the service under test, one of each in a process, on a directory that is removed at
 * the end. Either can be away for a while. A service's subclass says what else is set.
 */
public abstract class TestBackends implements QuarkusTestResourceLifecycleManager {
    /** What the service knows the test by. */
    public static final String SECRET = "a-secret-for-tests";

    private static @Nullable Path directory;
    private static @Nullable EmbeddedBroker broker;
    private static @Nullable EmbeddedPostgres database;

    /** What is set besides; the two run already. */
    protected abstract Map<String, String> settings();

    @Override
    public final Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("spyhop-it");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startBroker(0);
        startDatabase(0);
        Map<String, String> all = new HashMap<>(settings());
        all.put("kafka.bootstrap.servers", broker().bootstrapServers());
        all.put("quarkus.datasource.jdbc.url", database().jdbcUrl());
        all.put("quarkus.datasource.username", database().user());
        all.put("quarkus.datasource.password", database().password());
        all.put("quarkus.http.test-port", "0");
        all.put("spyhop.internal.secret", SECRET);
        return all;
    }

    /** The broker. */
    public static EmbeddedBroker broker() {
        return Objects.requireNonNull(broker);
    }

    /** The database. */
    public static EmbeddedPostgres database() {
        return Objects.requireNonNull(database);
    }

    /** Stops the broker. */
    public static void stopBroker() {
        broker().close();
    }

    /** Starts it again, where it was. */
    public static void startBroker() {
        startBroker(broker().port());
    }

    /** Stops the database. */
    public static void stopDatabase() {
        database().close();
    }

    /** Starts it again, where it was. */
    public static void startDatabase() {
        startDatabase(database().port());
    }

    private static void startBroker(int port) {
        broker = EmbeddedBroker.start(directory().resolve("kafka"), port);
    }

    private static void startDatabase(int port) {
        database = EmbeddedPostgres.start(directory().resolve("postgres"), port);
    }

    private static Path directory() {
        return Objects.requireNonNull(directory);
    }

    @Override
    public final void stop() {
        stopBroker();
        stopDatabase();
        try {
            Trees.delete(directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
