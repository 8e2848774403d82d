package io.spyhop.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Containers for tests that need a real engine, made with the {@code docker} command. They carry a label of their own,
 * and closing removes whatever carries it. The image is this machine's busybox (package busybox-static), because tests
 * pull nothing. Thread-safe.
 */
public final class DockerContainers implements AutoCloseable {
    /** A shell with busybox's commands, and nothing else. */
    public static final String IMAGE = "spyhop-test/busybox:1";

    /** All test containers carry it, each test class with a value of its own. */
    public static final String LABEL = "spyhop.test";

    /** An option of run and create for containers that need no network: most of the time to start goes into it. */
    public static final String NO_NETWORK = "--network=none";

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path EMPTY = emptyFile();

    private final String label = UUID.randomUUID().toString();

    /** Builds the image when the engine does not have it. */
    public DockerContainers() {
        buildImage();
    }

    /** The value of {@link #LABEL} on these containers. */
    public String label() {
        return label;
    }

    /** Runs a container in the background and gives its full id; the arguments follow {@code docker run -d}. */
    public String run(String... arguments) {
        return docker(labelled(List.of("run", "-d"), arguments));
    }

    /** Runs a shell script in a container of the image without a network, and gives the container's full id. */
    public String runScript(String script) {
        return run(NO_NETWORK, IMAGE, "sh", "-c", script);
    }

    /** Runs one likewise, with IPv6 on its loopback. */
    public String runScriptWithIpv6(String script) {
        return run(NO_NETWORK, "--sysctl", "net.ipv6.conf.lo.disable_ipv6=0", IMAGE, "sh", "-c", script);
    }

    /** Creates a bridge network and gives its name. */
    public String network() {
        String name = "spyhop-test-" + label;
        docker("network", "create", "--label=" + LABEL + "=" + label, name);
        return name;
    }

    /** Creates a container without starting it; the arguments follow {@code docker create}. */
    public String create(String... arguments) {
        return docker(labelled(List.of("create"), arguments));
    }

    /** Runs a docker command and gives what it writes to stdout. */
    public String docker(String... arguments) {
        return docker(List.of(arguments));
    }

    /**
     * Makes an empty file in a running container, for a script that waits for it. It is copied there: what ran in the
     * container to make it would be killed at its work where the script's end is the container's.
     */
    public void touch(String container, String path) {
        docker("cp", EMPTY.toString(), container + ":" + path);
    }

    /** Removes every container and network that was made here. */
    @Override
    public void close() {
        remove("ps", List.of("rm", "-f", "-v"), "-a");
        remove("network", List.of("network", "rm"), "ls");
    }

    private static Path emptyFile() {
        try {
            Path file = Files.createTempFile("empty", "");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(String listed, List<String> removal, String option) {
        List<String> left = docker(listed, option, "-q", "--no-trunc", "--filter", "label=" + LABEL + "=" + label)
                .lines()
                .toList();
        if (!left.isEmpty()) {
            docker(Stream.concat(removal.stream(), left.stream()).toList());
        }
    }

    private List<String> labelled(List<String> command, String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.add("--label=" + LABEL + "=" + label);
        Collections.addAll(all, arguments);
        return all;
    }

    private static synchronized void buildImage() {
        if (!docker(List.of("images", "-q", IMAGE)).isEmpty()) {
            return;
        }
        try {
            Path root = Files.createTempDirectory("busybox-image");
            Path bin = Files.createDirectories(root.resolve("bin"));
            Files.createDirectories(root.resolve("tmp"));
            Files.copy(BUSYBOX, bin.resolve("busybox"));
            for (String command :
                    execute(List.of(BUSYBOX.toString(), "--list")).lines().toList()) {
                if (!command.equals("busybox")) {
                    Files.createSymbolicLink(bin.resolve(command), Path.of("busybox"));
                }
            }
            Path archive = Files.createTempFile("busybox-image", ".tar");
            execute(List.of("tar", "-c", "-f", archive.toString(), "-C", root.toString(), "."));
            docker(List.of("import", archive.toString(), IMAGE));
            Files.delete(archive);
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the image for tests cannot be built", e);
        }
    }

    private static String docker(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        return execute(command);
    }

    private static String execute(List<String> command) {
        try {
            Path errors = Files.createTempFile("command", ".err");
            Process process = new ProcessBuilder(command)
                    .redirectError(errors.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " failed: " + Files.readString(errors));
            }
            Files.delete(errors);
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command) + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a command ran", e);
        }
    }
}
