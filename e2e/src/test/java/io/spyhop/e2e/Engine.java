package io.spyhop.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine: the one of this machine, or one of the test's own that it may kill without harming anybody else. The
 * own one has its data, socket and containerd below one directory and touches no network. Not thread-safe.
 */
final class Engine implements AutoCloseable {
    private final Map<String, String> environment;
    private final @Nullable Path directory;
    private final List<String> listening;
    private final @Nullable String bridge;
    private volatile @Nullable Process daemon;

    private Engine(
            Map<String, String> environment,
            @Nullable Path directory,
            List<String> listening,
            @Nullable String bridge) {
        this.environment = environment;
        this.directory = directory;
        this.listening = List.copyOf(listening);
        this.bridge = bridge;
    }

    /** The engine that the docker command finds by itself. */
    static Engine ofThisMachine() {
        return new Engine(Map.of(), null, List.of(), null);
    }

    /** Whether this user can start an engine. */
    static boolean canStartOwn() {
        return "root".equals(System.getProperty("user.name"))
                && (Files.isExecutable(Path.of("/usr/sbin/dockerd"))
                        || Files.isExecutable(Path.of("/usr/bin/dockerd")));
    }

    /** Starts an engine of the test's own. */
    static Engine startOwn() {
        Path directory = ownDirectory();
        String socket = "unix://" + directory.resolve("s");
        return startOwn(Map.of("DOCKER_HOST", socket), directory, List.of("-H", socket), null);
    }

    /** Starts an engine of the test's own that listens on a port of this machine and wants a client certificate. */
    static Engine startOwnOverTls() {
        Path directory = ownDirectory();
        Certificates certificates = Certificates.in(directory.resolve("certificates"));
        Path server = certificates.server();
        String address = "tcp://127.0.0.1:" + freePort();
        return startOwn(
                Map.of(
                        "DOCKER_HOST",
                        address,
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        certificates.client().toString()),
                directory,
                List.of(
                        "-H",
                        address,
                        "--tlsverify",
                        "--tlscacert=" + server.resolve("ca.pem"),
                        "--tlscert=" + server.resolve("cert.pem"),
                        "--tlskey=" + server.resolve("key.pem")),
                makeBridge());
    }

    /**
     * An engine without a bridge removes {@code docker0}, which is that of the machine's engine: it gets a network namespace
     * of its own, or, where it must be reached by TCP from outside of that, a bridge.
     */
    private List<String> network() {
        return bridge == null ? List.of("unshare", "--net") : List.of();
    }

    private static String makeBridge() {
        String name = "st" + UUID.randomUUID().toString().substring(0, 8);
        Shell.run("/bin/busybox", "ip", "link", "add", "name", name, "type", "bridge");
        Shell.run("/bin/busybox", "ip", "addr", "add", "172.31.255.1/29", "dev", name);
        return name;
    }

    private static Engine startOwn(
            Map<String, String> environment, Path directory, List<String> listening, @Nullable String bridge) {
        Engine engine = new Engine(environment, directory, listening, bridge);
        Runtime.getRuntime().addShutdownHook(new Thread(engine::abandon));
        engine.start();
        return engine;
    }

    private static Path ownDirectory() {
        try {
            // A short path: the address of a socket holds 107 bytes at most.
            return Files.createTempDirectory("spyhop-eng");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    String endpoint() {
        return Objects.requireNonNull(
                environment.get("DOCKER_HOST"), "the engine of this machine is where docker says");
    }

    /** The folder of a certificate that it accepts, or of one that it does not. */
    Path certificates(boolean accepted) {
        return own().resolve("certificates").resolve(accepted ? "client" : "stranger");
    }

    /** What tells the docker command, and Spyhop, to use this engine. */
    Map<String, String> environment() {
        return environment;
    }

    /** Starts the own engine and waits until it answers. */
    void start() {
        Path home = own();
        List<String> command = new ArrayList<>(network());
        command.addAll(List.of(
                "dockerd",
                "--data-root",
                home.resolve("data").toString(),
                "--exec-root",
                home.resolve("exec").toString(),
                "--pidfile",
                home.resolve("pid").toString(),
                "--bridge=" + (bridge == null ? "none" : bridge),
                "--iptables=false",
                "--ip-masq=false"));
        command.addAll(listening);
        try {
            daemon = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("the engine answers")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() ->
                        Shell.run(List.of("docker", "version"), environment).exit() == 0);
    }

    /** Ends the own engine as an administrator does: its containers end with it. */
    void stop() {
        Process process = daemon;
        if (process != null) {
            process.destroy();
            await("the engine ends").atMost(Duration.ofSeconds(40)).until(() -> !process.isAlive());
        }
    }

    /** Kills the own engine: its containers live on until it starts again. */
    void kill9() {
        Process process = daemon;
        if (process != null) {
            process.destroyForcibly();
            await("the engine is dead").atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
            // Its containerd dies with it. Where nobody reaps orphans, the next start would take what is left for
            // alive.
            Shell.run(
                    "rm", "-f", own().resolve("exec/containerd/containerd.pid").toString());
        }
    }

    @Override
    public void close() {
        if (directory == null) {
            return;
        }
        stop();
        abandon();
        keepLog(directory);
        Shell.run(List.of("sh", "-c", "umount -l $(grep -o '" + directory + "[^ ]*' /proc/mounts)"), Map.of());
        Shell.run(List.of("rm", "-rf", directory.toString()), Map.of());
        if (bridge != null) {
            Shell.run(List.of("/bin/busybox", "ip", "link", "del", bridge), Map.of());
        }
    }

    /** Ends what still runs: only processes that name this directory, and what runs below them. */
    private void abandon() {
        String name = own().toString();
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains(name))
                        .orElse(false))
                .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process)))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static void keepLog(Path directory) {
        try {
            Path work = Spyhop.work();
            Files.createDirectories(work);
            String name = Files.exists(directory.resolve("certificates")) ? "own-engine-tls.log" : "own-engine.log";
            Files.copy(directory.resolve("log"), work.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a docker command that must work and gives its output. */
    String docker(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add("docker");
        command.addAll(arguments);
        return Shell.run(command, environment).checked(command);
    }

    /** Runs a docker command that may fail. */
    Shell.Outcome tryDocker(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add("docker");
        command.addAll(arguments);
        return Shell.run(command, environment);
    }

    private Path own() {
        if (directory == null) {
            throw new IllegalStateException("not an engine of the test's own");
        }
        return directory;
    }
}
