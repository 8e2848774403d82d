package io.spyhop.standalone.split;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.spyhop.contracts.setting.SettingsGuard;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.embedded.EmbeddedException;
import io.spyhop.embedded.EmbeddedPostgres;
import io.spyhop.embedded.Listening;
import io.spyhop.standalone.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * The broker or the database as a process of its own: {@code Backend broker|database <port> [--listen <address>]
 * [--advertise <name>]}. Data lie below {@code spyhop.data}. It says {@link #READY} once clients are accepted, and ends
 * cleanly on SIGTERM.
 */
public final class Backend {
    /** The line that tells whoever started this process that clients are accepted. */
    static final String READY = "Clients are accepted.";

    /** What the broker calls errors, after a kill, while its parts find each other again by themselves. */
    private static final Map<String, Level> LOUD = Map.of(
            "kafka", Level.SEVERE,
            "org.apache.kafka", Level.SEVERE,
            "state.change.logger", Level.SEVERE,
            "kafka.server.ReplicaManager", Level.OFF,
            "kafka.server.ControllerApis", Level.OFF,
            "org.apache.kafka.coordinator", Level.OFF,
            "org.apache.kafka.controller", Level.OFF,
            "org.apache.kafka.clients.NetworkClient", Level.OFF);

    private Backend() {}

    /** Runs until it is told to end; ends with 1 and one sentence when it cannot start. */
    public static void main(String... arguments) throws InterruptedException {
        logToConsole();
        AutoCloseable backend;
        try {
            backend = start(List.of(arguments));
        } catch (EmbeddedException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                backend.close();
            } catch (Exception e) {
                System.err.println("It did not stop cleanly: " + e.getMessage());
            } finally {
                ended.countDown();
            }
        }));
        System.out.println(READY);
        ended.await();
    }

    private static AutoCloseable start(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        String name = next(rest);
        int port = Integer.parseInt(next(rest));
        String address = "127.0.0.1";
        String advertised = null;
        while (rest.hasNext()) {
            switch (rest.next()) {
                case "--listen" -> address = next(rest);
                case "--advertise" -> advertised = next(rest);
                default -> throw usage();
            }
        }
        Listening listening = new Listening(address, advertised == null ? address : advertised);
        Path data = directory();
        return switch (name) {
            case Suite.BROKER -> EmbeddedBroker.start(data.resolve("kafka"), port, listening);
            case Suite.DATABASE ->
                EmbeddedPostgres.start(
                        data.resolve("postgres"),
                        port,
                        listening,
                        Optional.ofNullable(System.getenv("SPYHOP_DATABASE_PASSWORD")));
            default -> throw usage();
        };
    }

    private static Path directory() {
        try {
            return DataDirectory.make(SettingsGuard.early());
        } catch (IOException e) {
            throw new IllegalArgumentException("The data directory cannot be made: " + e.getMessage(), e);
        }
    }

    private static String next(Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw usage();
        }
        return rest.next();
    }

    private static IllegalArgumentException usage() {
        return new IllegalArgumentException(
                "Usage: Backend broker|database <port> [--listen <address>] [--advertise <name>]");
    }

    /** Quarkus' own start of logging waits for Quarkus, which does not come here. */
    private static void logToConsole() {
        ConsoleHandler console = new ConsoleHandler(new PatternFormatter("%d{HH:mm:ss.SSS} %-5p [%c{1.}] %s%e%n"));
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {console});
        LOUD.forEach((category, level) ->
                LogContext.getLogContext().getLogger(category).setLevel(level));
        LogContext.getLogContext().getLogger("").setLevel(Level.INFO);
    }
}
