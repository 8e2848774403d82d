package io.spyhop.standalone;

import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.embedded.EmbeddedPostgres;
import io.spyhop.embedded.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The broker and the database of a standalone Spyhop, where no external ones are configured. The database is there when
 * {@link #start} returns, because the services migrate their schemas first of all; the broker comes up beside them, for
 * its clients wait by themselves.
 */
final class EmbeddedParts {
    private static final String BROKER_SETTING = "kafka.bootstrap.servers";
    private static final String REPLICA_SETTING = "spyhop.replica-timeout";
    private static final String DATABASE_SETTING = "quarkus.datasource.jdbc.url";

    private final @Nullable CompletableFuture<EmbeddedBroker> broker;
    private final @Nullable EmbeddedPostgres postgres;

    private EmbeddedParts(@Nullable CompletableFuture<EmbeddedBroker> broker, @Nullable EmbeddedPostgres postgres) {
        this.broker = broker;
        this.postgres = postgres;
    }

    /** Starts what is not configured, and tells the services by system properties where it is. */
    static EmbeddedParts start(Path data, Config settings) throws IOException {
        CompletableFuture<EmbeddedBroker> broker = null;
        if (!isConfigured(settings, BROKER_SETTING)) {
            int port = FreePort.any();
            System.setProperty(BROKER_SETTING, "127.0.0.1:" + port);
            if (!isConfigured(settings, REPLICA_SETTING)) {
                // Nobody waits for a share of this process's: it has all of them, and a new start has its names.
                System.setProperty(REPLICA_SETTING, "15s");
            }
            broker = new CompletableFuture<>();
            CompletableFuture<EmbeddedBroker> started = broker;
            Thread.ofPlatform().name("broker-start").daemon().start(() -> {
                try {
                    started.complete(EmbeddedBroker.start(data.resolve("kafka"), port));
                } catch (RuntimeException e) {
                    started.completeExceptionally(e);
                }
            });
        }
        EmbeddedPostgres postgres = null;
        if (!isConfigured(settings, DATABASE_SETTING)) {
            postgres = EmbeddedPostgres.start(data.resolve("postgres"), 0);
            System.setProperty(DATABASE_SETTING, postgres.jdbcUrl());
            System.setProperty("quarkus.datasource.username", postgres.user());
            System.setProperty("quarkus.datasource.password", postgres.password());
        }
        return new EmbeddedParts(broker, postgres);
    }

    /** Waits for the broker. */
    void await() {
        if (broker != null) {
            broker.join();
        }
    }

    /** Stops both; never throws, so that one is stopped where the other does not. */
    void stop() {
        List<AutoCloseable> parts = new ArrayList<>();
        if (broker != null && broker.isDone() && !broker.isCompletedExceptionally()) {
            parts.add(broker.join());
        }
        if (postgres != null) {
            parts.add(postgres);
        }
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("Spyhop: " + part.getClass().getSimpleName() + " did not stop: " + e.getMessage());
            }
        }
    }

    private static boolean isConfigured(Config settings, String name) {
        return settings.getOptionalValue(name, String.class)
                .filter(text -> !text.isBlank())
                .isPresent();
    }
}
