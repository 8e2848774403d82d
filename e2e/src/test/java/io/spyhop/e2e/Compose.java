package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The suite as {@code deploy/compose} runs it, on the engine of this machine, under a project name, a port and secrets
 * of its own. The images are made of what is built. Not thread-safe.
 */
final class Compose implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String FILE =
            ROOT.resolve("deploy/compose/compose.yaml").toString();
    private static final String INSIDE =
            ROOT.resolve("deploy/compose/inside.yaml").toString();
    private static final Duration START = Duration.ofMinutes(2);

    /** One compiler, as for every other process of the tests. */
    private static final String QUICK = """
            x-quick: &quick {environment: {JDK_JAVA_OPTIONS: "-XX:TieredStopAtLevel=1"}}
            services:
              kafka: *quick
              postgres: *quick
              gateway: *quick
              log-service: *quick
              metrics-service: *quick
              health-crash-service: *quick
              port-detector: *quick
              jobs-service: *quick
            """;

    private final String project = "spyhop-st-" + UUID.randomUUID().toString().substring(0, 8);
    private final Engine engine = Engine.ofThisMachine();
    private final Path directory;
    private final Path secrets;
    private final Path quick;
    private final Map<String, String> environment;
    private final Api api;

    Compose() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            directory = Files.createTempDirectory("spyhop-st-compose");
            secrets = directory.resolve("env");
            quick = Files.writeString(directory.resolve("quick.yaml"), QUICK);
            Shell.run(ROOT.resolve("deploy/compose/make-env").toString(), secrets.toString());
            environment = Map.of(
                    "COMPOSE_PROJECT_NAME",
                    project,
                    "SPYHOP_HTTP_PORT",
                    Integer.toString(socket.getLocalPort()),
                    "JAVA_HOME",
                    System.getProperty("java.home"));
            api = new Api(URI.create("http://127.0.0.1:" + socket.getLocalPort()), secret("SPYHOP_ADMIN_TOKEN"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The API behind the published port, with the token of the secrets. */
    Api api() {
        return api;
    }

    /** Makes the images, starts everything, and waits until the gateway is ready. */
    void start() {
        List<String> build = List.of(ROOT.resolve("deploy/images/build").toString());
        Shell.run(build, environment).checked(build);
        run("up", "-d");
        awaitReady();
        awaitHealthy("health-crash-service", 1);
        awaitHealthy("log-service", 1);
    }

    /** Waits for 200 of the gateway's {@code /readyz}. */
    void awaitReady() {
        await("the gateway is ready")
                .atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                .until(() -> api.as(null).get("/readyz").status() == 200);
    }

    /** Waits until so many containers of a service say that they are well. */
    void awaitHealthy(String service, int count) {
        await(count + " of " + service + " are well")
                .atMost(START)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(containers(service))
                        .hasSize(count)
                        .allSatisfy(container -> assertThat(container
                                        .path("State")
                                        .path("Health")
                                        .path("Status")
                                        .asText())
                                .isEqualTo("healthy")));
    }

    /** Runs a command of Compose that must work. */
    void run(String... arguments) {
        Shell.Outcome outcome = tryRun(Map.of(), arguments);
        assertThat(outcome.exit()).as(outcome.err()).isZero();
    }

    /** Gives services the right to enter containers' networks, and waits until the gateway is ready. */
    void letInside(String... services) {
        List<String> arguments = new ArrayList<>(List.of("-f", INSIDE, "up", "-d"));
        arguments.addAll(List.of(services));
        run(arguments.toArray(String[]::new));
        awaitReady();
    }

    /** Runs a command of Compose that may fail, with other values of some variables. */
    Shell.Outcome tryRun(Map<String, String> changed, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(changed);
        List<String> command = new ArrayList<>(
                List.of("docker-compose", "--env-file", secrets.toString(), "-f", FILE, "-f", quick.toString()));
        command.addAll(List.of(arguments));
        return Shell.run(command, all);
    }

    /** What the engine knows of the containers of a service. */
    List<JsonNode> containers(String service) {
        return inspect("label=com.docker.compose.service=" + service);
    }

    /** What the engine knows of every container of the suite. */
    List<JsonNode> containers() {
        return inspect("label=com.docker.compose.project=" + project);
    }

    private List<JsonNode> inspect(String filter) {
        List<String> ids = engine.docker(List.of("ps", "-aq", "--filter", ofProject(), "--filter", filter))
                .lines()
                .toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of("inspect"));
        command.addAll(ids);
        List<JsonNode> found = new ArrayList<>();
        try {
            Api.JSON.readTree(engine.docker(command)).forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** What a service has printed. */
    String log(String service) {
        return tryRun(Map.of(), "logs", "--no-color", service).out();
    }

    /** Names of containers, networks and volumes of the suite. */
    List<String> leftOvers() {
        List<String> names = new ArrayList<>();
        for (List<String> list : List.of(
                List.of("ps", "-a", "--format", "{{.Names}}"),
                List.of("network", "ls", "--format", "{{.Name}}"),
                List.of("volume", "ls", "--format", "{{.Name}}"))) {
            List<String> command = new ArrayList<>(list);
            command.addAll(List.of("--filter", ofProject()));
            engine.docker(command).lines().filter(name -> !name.isBlank()).forEach(names::add);
        }
        return names;
    }

    private String ofProject() {
        return "label=com.docker.compose.project=" + project;
    }

    private String secret(String name) throws IOException {
        return Files.readAllLines(secrets).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    /** Keeps what everything printed below {@code target/spyhop}, and removes the suite with its data. */
    @Override
    public void close() {
        try {
            Files.createDirectories(Spyhop.work());
            Files.writeString(
                    Spyhop.work().resolve("compose.log"),
                    tryRun(Map.of(), "logs", "--no-color", "--timestamps").out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            tryRun(Map.of(), "down", "-v", "-t", "30");
            Shell.run("rm", "-rf", directory.toString());
        }
    }
}
