package io.spyhop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Containers of this run, made with the docker command, labelled {@code spyhop.test=<run>} and removed at the end. Not
 * thread-safe.
 */
final class Containers implements AutoCloseable {
    static final String IMAGE = "spyhop-test/busybox:1";
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final String run = "bench-" + UUID.randomUUID().toString().substring(0, 8);

    private final Thread hook = new Thread(this::abandon);

    Containers() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(hook);
        if (exit("docker", "image", "inspect", IMAGE) == 0) {
            return;
        }
        if (!Files.isExecutable(BUSYBOX)) {
            throw new IOException("The benchmark needs /bin/busybox: install the package busybox-static.");
        }
        Path root = Files.createTempDirectory("spyhop-bench-image");
        Path bin = Files.createDirectory(root.resolve("bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String applet : output(BUSYBOX.toString(), "--list").split("\n", -1)) {
            if (!applet.isEmpty() && !"busybox".equals(applet)) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Path tar = Files.createTempFile("spyhop-bench", ".tar");
        output("tar", "-C", root.toString(), "-cf", tar.toString(), ".");
        output("docker", "import", tar.toString(), IMAGE);
        output("rm", "-rf", root.toString(), tar.toString());
    }

    /** The benchmark itself is ended: nothing is left behind. */
    private void abandon() {
        try {
            removeAll();
        } catch (IOException e) {
            // Nobody is left to tell; the label says whose they are.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts a container without a network that runs a script, and gives its name. */
    String start(String suffix, String script) throws IOException, InterruptedException {
        return start(suffix, script, "none");
    }

    /** The same with a network, and options of {@code docker run}. */
    String start(String suffix, String script, String network, String... options)
            throws IOException, InterruptedException {
        String name = run + "-" + suffix;
        List<String> command = new ArrayList<>(
                List.of("docker", "run", "-d", "--name", name, "--label", "spyhop.test=" + run, "--network", network));
        command.addAll(List.of(options));
        command.addAll(List.of(IMAGE, "sh", "-c", script));
        output(command.toArray(String[]::new));
        return name;
    }

    /** Waits for a container's end. */
    void awaitEnd(String name) throws IOException, InterruptedException {
        output("docker", "wait", name);
    }

    void remove(String name) throws IOException, InterruptedException {
        remove(List.of(name));
    }

    void remove(List<String> names) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "rm", "-f"));
        command.addAll(names);
        output(command.toArray(String[]::new));
    }

    /** Runs a docker command, throws its output away, and gives the seconds that it took. */
    static double seconds(String... command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int exit = exit(command);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exit != 0) {
            throw new IOException(String.join(" ", command) + ": exit " + exit);
        }
        return seconds;
    }

    static int exit(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": exit " + process.exitValue());
        }
        return out.strip();
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            removeAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void removeAll() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "rm", "-f", "-v"));
        output("docker", "ps", "-aq", "--filter", "label=spyhop.test=" + run)
                .lines()
                .forEach(command::add);
        if (command.size() > 4) {
            exit(command.toArray(String[]::new));
        }
    }
}
