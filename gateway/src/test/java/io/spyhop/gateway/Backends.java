package io.spyhop.gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.embedded.EmbeddedPostgres;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicAdmin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real broker and a real database for the tests of the gateway. */
public class Backends implements QuarkusTestResourceLifecycleManager {
    public static final String ADMIN = "an-admin-token-for-tests";

    private @Nullable Path directory;
    private @Nullable EmbeddedBroker broker;
    private @Nullable EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("spyhop-gateway");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        directory.toFile().setExecutable(true, false);
        broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
        TopicAdmin.ensure(
                new KafkaConnection(broker.bootstrapServers(), "test", "0"), Topics.ALL, Duration.ofSeconds(30));
        return Map.of(
                "kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "quarkus.datasource.jdbc.url",
                postgres.jdbcUrl(),
                "quarkus.datasource.username",
                postgres.user(),
                "quarkus.datasource.password",
                postgres.password(),
                "spyhop.admin.token",
                ADMIN,
                "spyhop.http.allowed-hosts",
                "logs.example.com",
                "spyhop.internal.secret",
                "a secret for tests",
                "spyhop.gateway.keep-alive",
                "1S",
                "spyhop.http.head-timeout",
                "3S");
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
