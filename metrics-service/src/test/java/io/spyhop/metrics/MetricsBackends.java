package io.spyhop.metrics;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real broker and a real database for tests of what is stored. Each can be away for a while. */
public class MetricsBackends implements QuarkusTestResourceLifecycleManager {
    /** What the service knows the test by. */
    public static final String SECRET = "secret-of-a-test";

    private static @Nullable Path directory;
    private static @Nullable EmbeddedBroker broker;
    private static @Nullable EmbeddedPostgres postgres;
    private static int port;
    private static int brokerPort;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("spyhop-metrics");
            directory.toFile().setExecutable(true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
        String bootstrap = broker.bootstrapServers();
        brokerPort = Integer.parseInt(bootstrap.replaceFirst(".*:", ""));
        EmbeddedPostgres database = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
        String url = database.jdbcUrl();
        port = Integer.parseInt(url.replaceAll(".*:([0-9]+)/.*", "$1"));
        postgres = database;
        return Map.of(
                // Tests roll up and drop by themselves, at times of their own.
                "quarkus.scheduler.enabled",
                "false",
                // Nobody asks any more when they end.
                "quarkus.shutdown.timeout",
                "0S",
                "spyhop.internal.secret",
                SECRET,
                "kafka.bootstrap.servers",
                bootstrap,
                "quarkus.datasource.jdbc.url",
                url,
                "quarkus.datasource.username",
                database.user(),
                "quarkus.datasource.password",
                database.password());
    }

    /** Where the broker is. */
    public static String bootstrapServers() {
        return Objects.requireNonNull(broker).bootstrapServers();
    }

    /** The database. */
    public static EmbeddedPostgres database() {
        return Objects.requireNonNull(postgres);
    }

    /** Stops the broker. */
    public static void stopBroker() {
        Objects.requireNonNull(broker).close();
    }

    /** Starts it again, where it was. */
    public static void startBroker() {
        broker = EmbeddedBroker.start(Objects.requireNonNull(directory).resolve("kafka"), brokerPort);
    }

    /** Stops the database. */
    public static void stopDatabase() {
        Objects.requireNonNull(postgres).close();
    }

    /** Starts it again, where it was. */
    public static void startDatabase() {
        postgres = EmbeddedPostgres.start(Objects.requireNonNull(directory).resolve("postgres"), port);
    }

    @Override
    public void stop() {
        Objects.requireNonNull(broker).close();
        Objects.requireNonNull(postgres).close();
        try (Stream<Path> files = Files.walk(Objects.requireNonNull(directory))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
