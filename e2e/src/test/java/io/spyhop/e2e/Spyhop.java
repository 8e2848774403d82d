package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The built product as a process with a data directory, a port and an admin token of its own; all three stay over its
 * restarts. Its log stays below {@code target/spyhop} for whoever asks why a test failed. Not thread-safe.
 */
final class Spyhop implements AutoCloseable {
    /** What a start after {@code kill -9} may take, and some more for a machine that does other things too. */
    static final Duration START = Duration.ofMinutes(1);

    /** What the start of a process for each service may take, or of one of them beside the others. */
    private static final Duration START_SPLIT = Duration.ofMinutes(3);

    /** A row may begin with the name of a process. */
    private static final Pattern ERROR = Pattern.compile("^(\\S+ +\\| )?(\\S+ )?\\S+ +(ERROR|FATAL) .*");

    private final Map<String, String> environment;
    /** Null where everything runs in one process. */
    private final @Nullable List<String> splitOptions;

    private final Path data;
    private final Path log;
    private final int port;
    private final int debugPort;
    private final String token = "spy_e2e" + UUID.randomUUID().toString().replace("-", "");
    private final Api api;
    private boolean debuggable;
    private volatile @Nullable Process process;

    /** Prepares a Spyhop in one process that watches the given engine; nothing runs yet. */
    Spyhop(String name, Engine engine) {
        this(name, engine.environment(), null);
    }

    /** Prepares a Spyhop in one process with these settings; nothing runs yet. */
    Spyhop(String name, Map<String, String> environment) {
        this(name, environment, null);
    }

    /** Prepares a Spyhop with a process for each service. */
    static Spyhop split(String name, Engine engine, String... options) {
        return new Spyhop(name, engine.environment(), List.of(options));
    }

    private Spyhop(String name, Map<String, String> environment, @Nullable List<String> splitOptions) {
        this.environment = new HashMap<>(environment);
        this.splitOptions = splitOptions;
        try {
            Files.createDirectories(work());
            data = Files.createTempDirectory("spyhop-st-" + name);
            // The database's own user must be able to reach its directory.
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
            log = work().resolve(name + ".log");
            Files.deleteIfExists(log);
            Files.createFile(log);
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket debugger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
                debugPort = debugger.getLocalPort();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon));
        api = new Api(URI.create("http://127.0.0.1:" + port), token);
    }

    /** Where logs of test processes are kept. */
    static Path work() {
        return Path.of(System.getProperty("spyhop.e2e.work", "target/spyhop"));
    }

    /** The API with the first admin token. */
    Api api() {
        return api;
    }

    String token() {
        return token;
    }

    /** Whether it can be stopped by {@link #breakAt} from the next start on, which takes longer then. */
    Spyhop debuggable(boolean wanted) {
        debuggable = wanted;
        return this;
    }

    /** With another setting from the next start on. */
    Spyhop with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Stops it where a thread next enters the method of a class. */
    Breakpoint breakAt(String type, String method) {
        return Breakpoint.at(debugPort, type, method);
    }

    /** What it prints. */
    Path log() {
        return log;
    }

    /** Where everything lies that it keeps. */
    Path data() {
        return data;
    }

    /** Starts the process and returns at once. */
    Process launch() {
        return launch(data);
    }

    /** The same on a data directory that is another one's. */
    Process launch(Path data) {
        Path jar = Path.of(System.getProperty("spyhop.e2e.jar", "../standalone/target/spyhop.jar"))
                .toAbsolutePath()
                .normalize();
        assertThat(jar).as("the built product").exists();
        List<String> command = java();
        command.add("-Dspyhop.data=" + data);
        if (splitOptions == null) {
            // With a debugger the JVM makes no use of a cache.
            List<String> quick = QuickStart.flags(jar);
            QuickStart.prepare(data);
            command.addAll(debuggable ? List.of(DEBUGGER + debugPort) : quick);
            command.addAll(List.of("-jar", jar.toString()));
        } else {
            command.addAll(List.of("-cp", jar.toString(), "io.spyhop.standalone.split.Split"));
            command.addAll(splitOptions);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                // The checkout: there the services lie that were built.
                .directory(jar.resolve("../../..").normalize().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        if (splitOptions != null) {
            builder.environment().put("SPYHOP_JAVA_OPTS", "-Xms16m -Xmx192m " + QUICK);
        }
        builder.environment()
                .putAll(Map.of(
                        "SPYHOP_DATA", data.toString(),
                        "SPYHOP_HTTP_PORT", Integer.toString(port),
                        "SPYHOP_ADMIN_TOKEN", token));
        try {
            Process started = builder.start();
            process = started;
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One compiler: most of what a short life costs is the other one. The time of all tests is that of their processors.
     */
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    /** The launcher's flags, so that what is tested is what users run, and {@link #QUICK}. */
    private static final List<String> JVM = List.of(
            QUICK,
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

    private static final String DEBUGGER =
            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:";

    /** The beginning of a command that runs the product. */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        return command;
    }

    /** Starts the process and waits until it is ready. */
    Spyhop start() {
        launch();
        awaitReady();
        return this;
    }

    /** Waits for 200 of {@code /readyz}, and for the last of several processes. */
    void awaitReady() {
        if (splitOptions != null) {
            await("every process is ready (their log: " + log + ")")
                    .atMost(START_SPLIT)
                    .pollInterval(Duration.ofMillis(300))
                    .failFast("Spyhop ended, see " + log, () -> !running())
                    .until(() -> said("Spyhop is up."));
        }
        await("Spyhop is ready (its log: " + log + ")")
                .atMost(splitOptions == null ? START : START_SPLIT)
                .pollInterval(Duration.ofMillis(50))
                .failFast("Spyhop ended, see " + log, () -> !running())
                .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                .until(() -> api.as(null).get("/readyz").status() == 200);
    }

    boolean running() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** Kills the process as the kernel would. */
    void kill9() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
            await("death").atMost(Duration.ofSeconds(10)).until(() -> !current.isAlive());
        }
    }

    /** The number of a process of a split Spyhop, such as {@code log-service-0}; empty while it does not run. */
    Optional<Long> pid(String part) {
        try {
            return Optional.of(Long.parseLong(
                    Files.readString(data.resolve("run/" + part + ".pid")).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal, such as {@code STOP}, to a process of a split Spyhop. */
    void signal(String part, String signal) {
        Shell.run("kill", "-" + signal, Long.toString(pid(part).orElseThrow()));
    }

    /** Waits until a process of a split Spyhop that was ended is there again, as another one. */
    void awaitRestart(String part, long formerPid) {
        await(part + " is started again")
                .atMost(START_SPLIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> pid(part).filter(pid -> pid != formerPid).isPresent());
    }

    /** The answer of a split Spyhop's service about its readiness. */
    Api.Answer readiness(String part) {
        Matcher row = Pattern.compile("\\| " + part + " is process [0-9]+, port ([0-9]+)\\.")
                .matcher(String.join("\n", logRows(text -> text.contains(" is process "))));
        assertThat(row.find()).as(part + " in the log").isTrue();
        return new Api(URI.create("http://127.0.0.1:" + row.group(1)), null).get("/readyz");
    }

    /** Asks the process to end and checks that it did, and took its database along. */
    void stop() {
        Process current = process;
        if (current != null && current.isAlive()) {
            current.destroy();
            await("a clean end, see " + log).atMost(Duration.ofSeconds(60)).until(() -> !current.isAlive());
            await("nothing is left running")
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(leftOvers()).isEmpty());
        }
    }

    /** Command lines of processes that name the data directory, such as its database. */
    List<String> leftOvers() {
        return ProcessHandle.allProcesses()
                .map(handle -> handle.info().commandLine().orElse(""))
                .filter(line -> line.contains(data.toString()))
                .toList();
    }

    /** Rows of the log at ERROR or above. */
    List<String> errors() {
        return logRows(row -> ERROR.matcher(row).matches());
    }

    /** The sign-in link that the newest start printed. */
    String signInLink() {
        String words = "Sign in once with ";
        return logRows(row -> row.contains(words))
                .getLast()
                .replaceFirst(".*" + words, "")
                .strip();
    }

    /** Whether the log has a row with these words. */
    boolean said(String words) {
        return !logRows(row -> row.contains(words)).isEmpty();
    }

    private List<String> logRows(Predicate<String> wanted) {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(wanted)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits a moment that cannot be told from a state, such as "in the middle of starting". */
    void pass(Duration moment) {
        Process current = process;
        if (current != null) {
            try {
                current.waitFor(moment.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            abandon();
            Shell.run("rm", "-rf", data.toString());
        }
    }

    /** Ends what still runs, also when the tests themselves are ended. */
    private void abandon() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
        }
        ProcessHandle.allProcesses()
                .filter(handle -> handle.info()
                        .commandLine()
                        .map(line -> line.contains(data.toString()))
                        .orElse(false))
                .forEach(ProcessHandle::destroyForcibly);
    }
}
