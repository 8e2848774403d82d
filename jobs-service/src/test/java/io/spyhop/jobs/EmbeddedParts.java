package io.spyhop.jobs;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker and a database for the service under test, on a directory that is removed at the end. */
public final class EmbeddedParts implements QuarkusTestResourceLifecycleManager {
    /** What the service knows the test by. */
    public static final String SECRET = "secret-of-a-test";

    private @Nullable Path directory;
    private @Nullable EmbeddedBroker broker;
    private @Nullable EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        try {
            Path data = Files.createTempDirectory("jobs-it");
            directory = data;
            EmbeddedBroker startedBroker = EmbeddedBroker.start(data.resolve("kafka"), 0);
            broker = startedBroker;
            EmbeddedPostgres startedPostgres = EmbeddedPostgres.start(data.resolve("postgres"), 0);
            postgres = startedPostgres;
            return Map.of(
                    "kafka.bootstrap.servers", startedBroker.bootstrapServers(),
                    "quarkus.datasource.jdbc.url", startedPostgres.jdbcUrl(),
                    "quarkus.datasource.username", startedPostgres.user(),
                    "quarkus.datasource.password", startedPostgres.password(),
                    "quarkus.http.test-port", "0",
                    "spyhop.internal.secret", SECRET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        if (directory != null) {
            remove(directory);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
