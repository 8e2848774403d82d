package io.spyhop.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Real containers of one test class on one engine, all labelled {@code spyhop.test=<run>} and removed at the end,
 * whatever happens. They have no network unless they ask for one: it is seldom needed and
 * takes half the time of a start. Thread-safe.
 */
final class Containers implements AutoCloseable {
    static final String IMAGE = "spyhop-test/busybox:1";

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path EMPTY = emptyFile();

    private final Engine engine;
    private final String run;
    private final AtomicBoolean imageMade = new AtomicBoolean();

    Containers(Engine engine) {
        this(engine, UUID.randomUUID().toString().substring(0, 8));
    }

    private Containers(Engine engine, String run) {
        this.engine = engine;
        this.run = run;
    }

    /** Containers of the same names and label on another engine. */
    Containers on(Engine other) {
        return new Containers(other, run);
    }

    /** A container. */
    record Container(String id, String name) {}

    /** A line for a shell that does something, and waits until it is asked to end, which it obeys at once from the beginning. */
    static String waiting(String first) {
        return "trap 'exit 1' TERM; " + first + "; while :; do sleep 0.1; done";
    }

    /** A name that no other test uses. */
    String name(String suffix) {
        return "st-" + run + "-" + suffix;
    }

    /** Starts a container in the background. */
    Container run(String suffix, List<String> options, String... command) {
        return start("run", suffix, options, command);
    }

    /** Starts a container that runs a script of busybox's shell. */
    Container shell(String suffix, String script, String... options) {
        return run(suffix, List.of(options), "sh", "-c", script);
    }

    /** Makes a container without starting it. */
    Container create(String suffix, List<String> options, String... command) {
        return start("create", suffix, options, command);
    }

    private Container start(String verb, String suffix, List<String> options, String... command) {
        List<String> arguments = new ArrayList<>(List.of(verb));
        if ("run".equals(verb)) {
            arguments.add("-d");
        }
        arguments.addAll(common(suffix, options));
        arguments.addAll(List.of(command));
        return new Container(engine.docker(arguments).lines().reduce("", (a, b) -> b), name(suffix));
    }

    /**
     * Runs a container in the foreground to its end and removal.
     *
     * @return what the docker command complained about; empty where all went well
     */
    String runToRemoval(String suffix, String... command) {
        List<String> arguments = new ArrayList<>(List.of("run", "--rm"));
        arguments.addAll(common(suffix, List.of()));
        arguments.addAll(List.of(command));
        Shell.Outcome outcome = engine.tryDocker(arguments);
        return outcome.exit() == 0 ? "" : name(suffix) + ": " + outcome.err().strip();
    }

    private List<String> common(String suffix, List<String> options) {
        ensureImage();
        List<String> arguments =
                new ArrayList<>(List.of("--name", name(suffix), "--label", "spyhop.test=" + run, "--init=false"));
        if (!options.contains("--network")) {
            arguments.addAll(List.of("--network", "none"));
        }
        arguments.addAll(options);
        arguments.add(IMAGE);
        return arguments;
    }

    /** Runs any other docker command that must work. */
    String docker(String... arguments) {
        return engine.docker(List.of(arguments));
    }

    /**
     * Makes an empty file in a running container, for a script that waits for it. It is copied there: what ran in the
     * container to make it would be killed at its work where the script's end is the container's.
     */
    void touch(Container container, String path) {
        docker("cp", EMPTY.toString(), container.id() + ":" + path);
    }

    /** What the engine still has of a container's standard output, line by line. */
    List<String> engineStdout(Container container) {
        return engine.tryDocker(List.of("logs", container.id())).out().lines().toList();
    }

    /** The ids of a run's containers, which the engine made for jobs-service. */
    String ofRun(JsonNode run) {
        return docker(
                "ps",
                "-aq",
                "--no-trunc",
                "--filter",
                "label=spyhop.run=" + run.path("id").asText());
    }

    /** Waits until a run's containers are removed: they go once every line is stored. */
    void awaitRemovalOf(JsonNode run) {
        await("its containers are removed")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> ofRun(run).isEmpty());
    }

    /** Waits for a container's end. */
    void awaitExit(Container container) {
        docker("wait", container.id());
    }

    /** How many containers of this test run. */
    int running() {
        String ids = docker("ps", "-q", "--filter", "label=spyhop.test=" + run);
        return Math.toIntExact(ids.lines().count());
    }

    /** Stops a container at once; the shell of a test container does not obey SIGTERM. */
    void kill(Container container) {
        engine.tryDocker(List.of("kill", container.id()));
    }

    /** Removes a container, running or not. */
    void remove(Container container) {
        docker("rm", "-f", container.id());
    }

    @Override
    public void close() {
        List<String> ids = docker("ps", "-aq", "--no-trunc", "--filter", "label=spyhop.test=" + run)
                .lines()
                .toList();
        if (!ids.isEmpty()) {
            List<String> arguments = new ArrayList<>(List.of("rm", "-f", "-v"));
            arguments.addAll(ids);
            engine.tryDocker(arguments);
        }
    }

    private static Path emptyFile() {
        try {
            Path file = Files.createTempFile("spyhop-st", "");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No image can be expected on the engine, so one is made of the machine's static busybox. */
    private synchronized void ensureImage() {
        if (imageMade.get()) {
            return;
        }
        if (engine.tryDocker(List.of("image", "inspect", IMAGE)).exit() != 0) {
            if (!Files.isExecutable(BUSYBOX)) {
                throw new IllegalStateException("The tests need /bin/busybox: install the package busybox-static.");
            }
            try {
                Path root = Files.createTempDirectory("spyhop-st-image");
                Path bin = Files.createDirectory(root.resolve("bin"));
                Files.copy(BUSYBOX, bin.resolve("busybox"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                for (String applet :
                        Shell.run(BUSYBOX.toString(), "--list").lines().toList()) {
                    if (!"busybox".equals(applet)) {
                        Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
                    }
                }
                Path tar = Files.createTempFile("spyhop-st", ".tar");
                Shell.run("tar", "-C", root.toString(), "-cf", tar.toString(), ".");
                docker("import", tar.toString(), IMAGE);
                Shell.run("rm", "-rf", root.toString(), tar.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        imageMade.set(true);
    }
}
