package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image is run, reached by its host name, restarted, and stopped; Spyhop and Caddy go away meanwhile. */
class DeploymentsST {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final String SERVE =
            "mkdir -p /www; echo \"$GREETING\" >/www/index.html; trap 'echo bye; exit 0' TERM;"
                    + " httpd -p 8080 -h /www; echo ready; while :; do sleep 0.1; done";

    private final Engine engine = Engine.ofThisMachine();
    private final Containers containers = new Containers(engine);
    private final Set<String> made = new TreeSet<>();

    @TempDir
    Path directory;

    private Caddy caddy;
    private Spyhop spyhop;
    private Api api;

    @BeforeEach
    void prepare() {
        assertThat(Caddy.PROGRAM)
                .as("./spyhop test installs it; on Debian by hand: apt-get install --no-install-recommends caddy")
                .isExecutable();
        caddy = new Caddy(directory);
        caddy.start();
        spyhop = new Spyhop("deployments", caddy.settings());
        api = spyhop.api();
    }

    @AfterEach
    void end() {
        made.forEach(id -> engine.tryDocker(List.of("rm", "-f", "spyhop-" + id)));
        try (containers) {
            spyhop.close();
        } finally {
            caddy.close();
        }
    }

    @Test
    void shouldServeWhatIsDeployedUntilItIsStopped() throws Exception {
        // Given
        spyhop.start();
        Container any = containers.shell("any", "exec sleep 600");
        api.awaitWorkload(any.name());

        // When: made
        String id = deploy("Shop " + UUID.randomUUID().toString().substring(0, 8), SERVE, "unless-stopped");
        String address = "/api/deployments/" + id;
        JsonNode running = awaitStatus(address, "running");

        // Then
        String url = await("a URL")
                .atMost(LONG)
                .until(() -> api.json(address).path("publicUrl").asText(), text -> !text.isEmpty());
        assertThat(url).startsWith("http://" + id + ".localhost:");
        await("it serves")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(caddy.served(id + ".localhost")).isEqualTo("hello\n"));
        assertThat(running.path("kind").asText()).isEqualTo("deployment");
        assertThat(running.path("managed").asBoolean()).isTrue();
        int port = await("a port")
                .atMost(LONG)
                .until(() -> api.json(address).path("hostPort").asInt(), number -> number > 0);
        assertThat(port).isBetween(20_000, 29_999);
        assertThat(api.get(address).body()).doesNotContain("hello");
        api.send("POST", "/api/deployments", request(running.path("name").asText(), SERVE, "no"))
                .isProblem(409, "state-conflict");

        // When: restarted, while Spyhop is killed
        assertThat(api.send("POST", address + "/restart", null).status()).isEqualTo(202);
        spyhop.kill9();
        spyhop.start();

        // Then
        api.awaitSystemLine(id, "[RESTART] done", 1);
        awaitStatus(address, "running");
        await("it serves again")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(caddy.served(id + ".localhost")).isEqualTo("hello\n"));

        // When: Caddy has lost what it was told
        caddy.stop();
        caddy.start();

        // Then
        await("the route is back")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(caddy.served(id + ".localhost")).isEqualTo("hello\n"));

        // When: stopped, while Spyhop is killed
        JsonNode stopping = api.send("DELETE", address, null).json();
        spyhop.kill9();
        spyhop.start();

        // Then
        assertThat(stopping.path("status").asText()).isEqualTo("stopping");
        JsonNode removed = awaitStatus(address, "removed");
        assertThat(removed.path("lastStop").path("killed").asBoolean()).isFalse();
        assertThat(removed.path("lastStop").path("tookMs").asLong()).isBetween(0L, 60_000L);
        assertThat(removed.has("containerId")).isFalse();
        assertThat(removed.has("hostPort")).isFalse();
        assertThat(removed.has("publicUrl")).isFalse();
        assertThat(caddy.served(id + ".localhost")).isEmpty();
        assertThat(containers.docker("ps", "-aq", "--filter", "name=^spyhop-" + id + "$"))
                .isEmpty();
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        api.awaitSystemLine(id, "[STOP] done", 1);
        List<Line> lines = api.awaitSystemLine(id, "worker removed", 1);
        assertThat(Line.messages(lines, "stdout")).contains("ready", "bye");
        assertThat(Line.messages(lines, "system"))
                .containsSubsequence(
                        "[CREATE] port",
                        "[CREATE] container",
                        "[CREATE] start",
                        "[CREATE] route",
                        "[RESTART] signal",
                        "[RESTART] done",
                        "[STOP] signal",
                        "[STOP] remove",
                        "[STOP] route",
                        "[STOP] port",
                        "[STOP] done")
                .containsOnlyOnce("[STOP] signal", "[STOP] done", "worker removed")
                .doesNotContain("worker exited");
        assertThat(spyhop.errors()).isEmpty();
    }

    @Test
    void shouldKeepWhatHasCrashedWhileItIsToldToAndNeverRemoveWhatIsOfOthers() {
        // Given: one that dies, one that is given up after a restart, and one of somebody else
        spyhop.with("DEPLOYER_KEEP_CRASHED_CONTAINERS", "true").start();
        String script = "echo disk full >&2; sleep 0.5; exit 3";
        String dying = deploy("dying-" + UUID.randomUUID().toString().substring(0, 8), script, "no");
        String tried = deploy("tried-" + UUID.randomUUID().toString().substring(0, 8), script, "on-failure:1");
        String foreign = api.awaitWorkload(containers.shell("foreign", script).name());

        // When
        JsonNode report = awaitReport(dying, 1);
        awaitReport(tried, 2);
        awaitReport(foreign, 1);

        // Then: all that is waited for has come, and they stay
        assertThat(report.path("error").asText()).isEqualTo("disk full");
        for (String id : List.of(dying, tried, foreign)) {
            awaitStatus(Api.address(id), "crashed");
        }
        for (String id : List.of(dying, tried)) {
            assertThat(engine.tryDocker(List.of("diff", "spyhop-" + id)).exit())
                    .as("one can look into it")
                    .isZero();
        }

        // When: told otherwise by the setting that counts more
        spyhop.kill9();
        spyhop.with("SPYHOP_KEEP_CRASHED_CONTAINERS", "false").start();

        // Then
        for (String id : List.of(dying, tried)) {
            awaitStatus(Api.address(id), "removed");
            assertThat(containers.docker("ps", "-aq", "--filter", "name=^spyhop-" + id + "$"))
                    .isEmpty();
            assertThat(Line.messages(api.awaitSystemLine(id, "[STOP] done", 1), "system"))
                    .containsSubsequence("[CRASH] exit=3 oom=false", "[STOP] remove");
        }
        awaitStatus(Api.address(foreign), "crashed");
        assertThat(engine.tryDocker(List.of("diff", containers.name("foreign"))).exit())
                .isZero();
        assertThat(spyhop.errors()).isEmpty();
    }

    private JsonNode awaitReport(String id, int n) {
        return await("report " + n + " of " + id)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> api.get(Api.address(id) + "/crashes/" + n).json(),
                        report -> report.path("complete").asBoolean());
    }

    @Test
    void shouldSayWhyItFailedAndKillWhatDoesNotObey() {
        // Given: one whose image nobody has, one that dies, and one that does not end by itself
        spyhop.start();
        String missing = deploy("missing-" + UUID.randomUUID().toString().substring(0, 8), "127.0.0.1:1/none:1");
        String dying = deploy(
                "dying-" + UUID.randomUUID().toString().substring(0, 8), "echo disk full >&2; sleep 1; exit 3", "no");
        String stubborn = deploy(
                "stubborn-" + UUID.randomUUID().toString().substring(0, 8),
                "trap '' TERM; while :;" + " do sleep 0.1; done",
                "always");
        Container foreign = containers.shell("foreign", "exec sleep 600", "--label", "spyhop.stop.timeout=1s");
        String watched = api.awaitWorkload(foreign.name());

        // When
        JsonNode failed = awaitStatus("/api/deployments/" + missing, "failed");
        awaitStatus("/api/deployments/" + stubborn, "running");
        api.send("POST", Api.address(stubborn) + "/stop", null);
        api.send("DELETE", Api.address(watched), null);

        // Then
        assertThat(failed.path("statusReason").asText()).contains("127.0.0.1:1");
        awaitStatus(Api.address(dying), "removed");
        JsonNode report = api.json(Api.address(dying) + "/crashes/1");
        assertThat(report.path("error").asText()).isEqualTo("disk full");
        assertThat(report.path("complete").asBoolean())
                .as("before its container was removed")
                .isTrue();
        assertThat(containers.docker("ps", "-aq", "--filter", "name=^spyhop-" + dying + "$"))
                .isEmpty();
        assertThat(Line.messages(api.awaitSystemLine(dying, "[STOP] done", 1), "system"))
                .containsSubsequence("[CRASH] exit=3 oom=false", "[STOP] remove");
        JsonNode killed = awaitStatus(Api.address(stubborn), "removed");
        assertThat(killed.path("lastStop").path("killed").asBoolean()).isTrue();
        assertThat(killed.path("lastStop").path("tookMs").asLong()).isBetween(10_000L, 20_000L);
        assertThat(killed.path("restartCount").asInt()).isZero();
        JsonNode kept = awaitStatus(Api.address(watched), "stopped");
        assertThat(kept.path("containerId").asText()).isEqualTo(foreign.id());
        assertThat(Line.messages(api.awaitSystemLine(watched, "[STOP] done", 1), "system"))
                .contains("[STOP] kill", "[STOP] keep the container: Spyhop did not make it");
        api.send("POST", Api.address(watched) + "/stop", null).isProblem(409, "state-conflict");
        assertThat(spyhop.errors()).isEmpty();
    }

    private String deploy(String name, String script, String restart) {
        return post(request(name, script, restart));
    }

    private String deploy(String name, String image) {
        return post(Map.of("name", name, "image", image));
    }

    private String post(Map<String, Object> request) {
        Api.Answer answer = api.send("POST", "/api/deployments", request);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        String id = answer.json().path("id").asText();
        made.add(id);
        assertThat(answer.headers().firstValue("Location").orElse("")).endsWith("/api/deployments/" + id);
        assertThat(answer.json().path("status").asText()).isEqualTo("creating");
        return id;
    }

    private static Map<String, Object> request(String name, String script, String restart) {
        return Map.of(
                "name",
                name,
                "image",
                Containers.IMAGE,
                "command",
                script,
                "env",
                Map.of("GREETING", "hello"),
                "port",
                8080,
                "memoryMb",
                64,
                "restart",
                restart);
    }

    private JsonNode awaitStatus(String address, String status) {
        return await(status + " of " + address)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> api.json(address),
                        workload -> workload.path("status").asText().equals(status));
    }
}
