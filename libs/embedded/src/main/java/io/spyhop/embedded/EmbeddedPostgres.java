package io.spyhop.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server beside this process, on loopback unless told otherwise, for one role with a password.
 *
 * <p>It holds {@code <directory>/lock} while it lives. The first start unpacks the programs and makes the data
 * directory; each is renamed into place when complete, so a start that was killed is simply done again. What was
 * committed survives, however the process ends: the server notices the end of this process and stops by itself, and a
 * start that still finds one running stops it first. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedPostgres.class);

    /** Recovery after a crash replays at most some 512 MB. */
    private static final int START_SECONDS_MAX = 120;

    private static final int STOP_SECONDS_MAX = 20;
    private static final long POLL_MILLIS = 10;

    /**
     * The shell becomes the server. Before that it leaves a watcher behind, which waits for the end of a pipe that
     * this process alone holds: however this process ends, the server is then asked to stop fast. The watcher is
     * nobody's child, since PostgreSQL wonders about children that it did not make.
     */
    private static final String SCRIPT = """
            exec 3<&0 0</dev/null
            ( ( read -r _ <&3; [ "/proc/$$/cwd" -ef "$2" ] && kill -INT "$$" ) >/dev/null 2>&1 & )
            exec 3<&-
            exec "$1" -D "$2" -c "config_file=$3"
            """;

    /** The owner of the database. */
    public static final String USER = PostgresSettings.USER;

    private final Process server;
    private final PostgresDirectory data;
    private final DirectoryLock lock;
    private final int port;
    private final String password;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgres(Process server, PostgresDirectory data, DirectoryLock lock, int port, String password) {
        this.server = server;
        this.data = data;
        this.lock = lock;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts a server on loopback; returns when it accepts clients.
     *
     * @param directory keeps its binaries, data and password over restarts
     * @param port 0 for any free one
     * @throws EmbeddedException if another process uses the directory, or the server does not start
     */
    public static EmbeddedPostgres start(Path directory, int port) {
        return start(directory, port, Listening.LOOPBACK, Optional.empty());
    }

    /**
     * Starts a server; returns when it accepts clients.
     *
     * @param directory keeps its binaries, data and password over restarts
     * @param port 0 for any free one
     * @param password the role's password from now on; empty for the one that the directory has, or a random one
     * @throws EmbeddedException if another process uses the directory, or the server does not start
     */
    public static EmbeddedPostgres start(Path directory, int port, Listening listening, Optional<String> password) {
        try {
            Path home = Files.createDirectories(directory).toRealPath();
            DirectoryLock lock = DirectoryLock.take(home);
            try {
                return startLocked(home, port, listening, password, lock);
            } catch (IOException | InterruptedException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EmbeddedException("The embedded PostgreSQL cannot use " + directory + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("Interrupted while the embedded PostgreSQL started.", e);
        }
    }

    private static EmbeddedPostgres startLocked(
            Path home, int port, Listening listening, Optional<String> given, DirectoryLock lock)
            throws IOException, InterruptedException {
        PostgresBinaries binaries = PostgresBinaries.in(home);
        binaries.unpack();
        PostgresDirectory data = new PostgresDirectory(home, binaries);
        data.account().reach(home);
        data.stopLeftover();
        binaries.removeOtherVersions();
        String password = data.prepare(given);
        for (int attempt = 1; ; attempt++) {
            int chosen = port == 0 ? FreePort.any() : port;
            Path settings = PostgresSettings.write(home, data.directory(), chosen, listening);
            Process server = launch(home, data, binaries, settings);
            ServerLog log = ServerLog.carrying(server.getInputStream(), home.resolve("postgres.log"));
            if (awaitReady(server, data)) {
                return new EmbeddedPostgres(server, data, lock, chosen, password);
            }
            server.getOutputStream().close();
            server.destroyForcibly();
            String reason = log.tail();
            boolean portTaken = reason.contains("could not bind");
            if (port != 0 || !portTaken || attempt == FreePort.ATTEMPTS) {
                throw new EmbeddedException("The embedded PostgreSQL did not start on port " + chosen + ": " + reason);
            }
        }
    }

    private static Process launch(Path home, PostgresDirectory data, PostgresBinaries binaries, Path settings)
            throws IOException {
        List<String> command = new ArrayList<>(data.account().prefix());
        // A session of its own: Ctrl-C in a terminal is for this process, which stops the server when it is done.
        command.addAll(List.of("setsid", "sh", "-c", SCRIPT, "sh"));
        command.addAll(List.of(binaries.program("postgres"), data.directory().toString(), settings.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        Surroundings.reduce(builder);
        return builder.start();
    }

    private static boolean awaitReady(Process server, PostgresDirectory data) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (server.isAlive() && System.nanoTime() - end < 0) {
            if (data.isReady(server.pid())) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return false;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** {@code jdbc:postgresql://127.0.0.1:<port>/spyhop}. */
    public String jdbcUrl() {
        return jdbcUrl(port);
    }

    /** {@code jdbc:postgresql://127.0.0.1:<port>/spyhop}, of a server that another process runs. */
    public static String jdbcUrl(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + PostgresSettings.DATABASE;
    }

    /** The owner of the database. */
    public String user() {
        return USER;
    }

    /** The password that a directory has had since its server first ran. */
    public static String password(Path directory) throws IOException {
        return PostgresDirectory.password(directory);
    }

    /** The owner's password: random, kept in the directory, readable by its owner only. */
    public String password() {
        return password;
    }

    /** Stops the server: sessions that are still open are ended, what they had not committed is rolled back. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.getOutputStream().close();
            if (!server.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                data.stop(server.toHandle());
            }
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("Could not stop the database server cleanly.");
        } catch (InterruptedException e) {
            // The watcher has been told already; the next start waits for the server's end.
            Thread.currentThread().interrupt();
        } finally {
            release();
        }
    }

    private void release() {
        try {
            lock.close();
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("Could not release the database's directory.");
        }
    }
}
