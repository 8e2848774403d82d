package io.spyhop.jobs.exec;

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

/** A real broker and a real database for the tests of this service. */
public class ExecBackends implements QuarkusTestResourceLifecycleManager {
    private @Nullable Path directory;
    private @Nullable EmbeddedBroker broker;
    private static @Nullable EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("spyhop-execs");
            directory.toFile().setExecutable(true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
        return Map.of(
                "kafka.bootstrap.servers", broker.bootstrapServers(),
                "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
                "quarkus.datasource.username", postgres.user(),
                "quarkus.datasource.password", postgres.password());
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
