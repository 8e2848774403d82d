package io.spyhop.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small Kafka broker in this process: broker and controller in one node, on loopback unless told otherwise, without
 * authentication.
 *
 * <p>It holds {@code <directory>/lock} while it lives and keeps everything else in {@code <directory>/data}, which
 * appears at once when it is complete. What was acknowledged survives the end of the process, however it ends; after a
 * kill the next start takes some two seconds longer. A fault that Kafka considers fatal (a disk that cannot be
 * written, for one) halts the whole process, as it would halt a broker of its own. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedBroker.class);

    /** What Kafka leaves in its directory when it stops, and takes away when it starts. */
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final int port;
    private final Listening listening;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(KafkaRaftServer server, DirectoryLock lock, int port, Listening listening) {
        this.server = server;
        this.lock = lock;
        this.port = port;
        this.listening = listening;
    }

    /**
     * Starts a broker on loopback; returns when it accepts clients.
     *
     * @param directory keeps its data over restarts
     * @param port 0 for any free one
     * @throws EmbeddedException if another process uses the directory, or the port is taken
     */
    public static EmbeddedBroker start(Path directory, int port) {
        return start(directory, port, Listening.LOOPBACK);
    }

    /**
     * Starts a broker; returns when it accepts clients. Nobody is asked who they are: only on a network of one's own.
     *
     * @param directory keeps its data over restarts
     * @param port 0 for any free one
     * @throws EmbeddedException if another process uses the directory, or the port is taken
     */
    public static EmbeddedBroker start(Path directory, int port, Listening listening) {
        try {
            Path home = Files.createDirectories(directory).toRealPath();
            // What containers wrote is in it: no business of the machine's other accounts.
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
            DirectoryLock lock = DirectoryLock.take(home);
            try {
                return startLocked(home, port, listening, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EmbeddedException("The embedded broker cannot use " + directory + ": " + e.getMessage(), e);
        }
    }

    private static EmbeddedBroker startLocked(Path home, int port, Listening listening, DirectoryLock lock)
            throws IOException {
        Path data = home.resolve("data");
        boolean fresh = !Files.exists(data);
        if (fresh) {
            format(home, data);
        }
        boolean killed = !fresh && !Files.exists(data.resolve(CLEAN_SHUTDOWN));
        for (int attempt = 1; ; attempt++) {
            int chosen = port == 0 ? FreePort.any() : port;
            try {
                return new EmbeddedBroker(startServer(data, killed, chosen, listening), lock, chosen, listening);
            } catch (RuntimeException e) {
                // The controller's port, and ours if nobody gave one, may have been taken since it was found free.
                // Whoever listens on one that was given will go on.
                boolean inUse = port != 0 && FreePort.isListenedOn(port);
                if (!isPortTaken(e) || inUse || attempt == FreePort.ATTEMPTS) {
                    throw new EmbeddedException(
                            "The embedded broker did not start on port " + chosen + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static KafkaRaftServer startServer(Path data, boolean killed, int port, Listening listening)
            throws IOException {
        QuietMeters.begin();
        Map<String, Object> settings = BrokerSettings.of(data, killed, port, FreePort.otherThan(port), listening);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    /** Formats beside the final place and renames, so that a kill in between leaves nothing half made. */
    private static void format(Path home, Path data) throws IOException {
        Path fresh = home.resolve("data.new");
        Trees.delete(fresh);
        Files.createDirectory(fresh);
        try {
            new Formatter()
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(fresh.toString()))
                    .setMetadataLogDirectory(fresh.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (Exception e) {
            throw new EmbeddedException("The embedded broker cannot format " + data + ": " + e.getMessage(), e);
        }
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** {@code <address>:<port>}, as clients connect to it. */
    public String bootstrapServers() {
        return listening.advertised() + ":" + port;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Stops the broker; close its clients first. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            try {
                lock.close();
            } catch (IOException e) {
                LOGGER.atWarn().setCause(e).log("Could not release the broker's directory.");
            }
        }
    }
}
