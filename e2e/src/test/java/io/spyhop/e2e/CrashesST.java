package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of containers that crash. */
@ExtendWith(Shared.class)
class CrashesST {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Api api;
    private final Containers containers;

    CrashesST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldReportAndGroupWhenEqualCrashesHappen() throws IOException, InterruptedException {
        // Given: what varies is the number, and the life takes long enough to be measured
        Container container = containers.shell(
                "report",
                "echo listening; echo \"job $(date +%s) failed in /tmp/x/$HOSTNAME\" >&2; echo bye; sleep 2.5; exit 7",
                "--memory=64m",
                "--env=PASSWORD=" + UUID.randomUUID());
        String id = api.awaitWorkload(container.name());
        JsonNode first = awaitCrash(id, 1);

        // When
        containers.docker("start", container.id());
        JsonNode second = awaitCrash(id, 2);

        // Then: the list
        JsonNode items = api.json(Api.address(id) + "/crashes").path("items");
        assertThat(items).extracting(item -> item.path("n").asInt()).containsExactly(2, 1);
        assertThat(items).allSatisfy(item -> {
            assertThat(item.path("exitCode").asInt()).isEqualTo(7);
            assertThat(item.path("oomKilled").asBoolean(true)).isFalse();
            assertThat(item.path("group").path("count").asInt()).isEqualTo(2);
            assertThat(item.path("group").path("firstN").asInt()).isEqualTo(1);
            assertThat(item.path("error").asText()).matches("job \\d+ failed in .*");
        });
        JsonNode page = api.json(Api.address(id) + "/crashes?limit=1");
        assertThat(api.json(Api.address(id) + "/crashes?limit=1&cursor="
                                + page.path("next").asText())
                        .path("items")
                        .path(0)
                        .path("n")
                        .asInt())
                .isEqualTo(1);

        // Then: one of them
        assertThat(second.path("startedAt").asText())
                .isGreaterThan(first.path("at").asText());
        assertThat(second.path("lines"))
                .extracting(line -> line.path("message").asText().replaceAll("^job.*", "job"))
                .containsExactlyInAnyOrder("worker started", "listening", "job", "bye", "[CRASH] exit=7 oom=false");
        assertThat(second.path("envKeys")).extracting(JsonNode::asText).contains("PASSWORD");
        assertThat(second.path("limits").path("memoryBytes").asLong()).isEqualTo(64L << 20);
        assertThat(second.path("imageDigest").asText()).startsWith("sha256:");
        assertThat(second.path("oom").path("killed").asBoolean(true)).isFalse();
        JsonNode withUsages = await("the minutes before")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> api.json(Api.address(id) + "/crashes/2"),
                        report -> report.path("usages").size() > 0);
        assertThat(withUsages.path("usages").path(0).path("memLimitMb").asInt()).isEqualTo(64);
        assertBundle(id, withUsages);
        assertThat(api.json(Api.address(id)).path("lastExitCode").asInt()).isEqualTo(7);

        // Then: what is not there
        api.get(Api.address(id) + "/crashes/3").isProblem(404, "crash-unknown");
        api.get(Api.address(id) + "/crashes/x").isProblem(404, "crash-unknown");
        api.get(Api.address(id) + "/crashes/3/bundle").isProblem(404, "crash-unknown");
        api.get(Api.address("no-such-workload") + "/crashes").isProblem(404, "workload-unknown");
        api.get(Api.address(id) + "/crashes?limit=0").isProblem(400, "parameter-invalid");
        api.get(Api.address(id) + "/crashes?cursor=x").isProblem(400, "parameter-invalid");
    }

    private void assertBundle(String id, JsonNode report) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = api.http()
                .send(
                        api.request(Api.address(id) + "/crashes/2/bundle").build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).isEqualTo("application/zip");
        assertThat(answer.headers().firstValue("Content-Disposition").orElse(""))
                .isEqualTo("attachment; filename=\"" + id + "-crash-2.zip\"");
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(files.keySet()).containsExactly("report.json", "lines.ndjson", "lines.txt", "usage.csv");
        assertThat(Api.JSON.readTree(files.get("report.json"))).isEqualTo(report);
        assertThat(files.get("lines.ndjson")).hasLineCount(report.path("lines").size());
        assertThat(files.get("lines.txt")).contains("stdout listening").contains("system [CRASH] exit=7 oom=false");
        assertThat(files.get("usage.csv"))
                .startsWith("sampledAt,cpuPct,memUsedMb")
                .hasLineCount(1 + report.path("usages").size());
    }

    @Test
    void shouldReportNothingWhenSomebodyAsked() {
        // Given
        Container stopped = containers.shell("stopped", "trap 'exit 9' TERM; while :; do usleep 50000; done");
        Container killed = containers.run("killed", List.of(), "sleep", "600");
        Container exited = containers.shell("exited", "exit 0");
        String stoppedId = api.awaitWorkload(stopped.name());
        String killedId = api.awaitWorkload(killed.name());
        api.awaitSystemLine(stoppedId, "worker started", 1);
        api.awaitSystemLine(killedId, "worker started", 1);

        // When
        containers.docker("stop", stopped.id());
        containers.kill(killed);

        // Then
        api.awaitSystemLine(stoppedId, "worker stopped", 1);
        api.awaitSystemLine(killedId, "worker stopped", 1);
        String exitedId = api.awaitWorkload(exited.name());
        api.awaitSystemLine(exitedId, "worker exited", 1);
        for (String id : List.of(stoppedId, killedId, exitedId)) {
            assertThat(api.json(Api.address(id) + "/crashes").path("items")).isEmpty();
        }
    }

    @Test
    void shouldTellTheWaitBeforeEachRestartWhenAPolicyRestarts() {
        // When
        Container container = containers.shell("loop", "echo up; exit 3", "--restart=on-failure:4");
        String id = api.awaitWorkload(container.name());

        // Then
        List<String> expected = new ArrayList<>();
        for (String backoff : List.of("1 in 100ms", "2 in 200ms", "3 in 400ms", "4 in 800ms")) {
            expected.addAll(List.of("worker started", "[CRASH] exit=3 oom=false", "[BACKOFF] restart " + backoff));
        }
        expected.addAll(List.of("worker started", "[CRASH] exit=3 oom=false"));
        await("all lives")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () -> assertThat(Line.messages(api.lines(id), "system")).containsExactlyElementsOf(expected));
        Line backoff = api.lines(id).stream()
                .filter(line -> line.message().startsWith("[BACKOFF] restart 3"))
                .findFirst()
                .orElseThrow();
        assertThat(backoff.json().path("fields").path("delayMs").asInt()).isEqualTo(400);
        JsonNode last = awaitCrash(id, 5);
        assertThat(last.path("crashLoop").asBoolean()).isTrue();
        assertThat(last.path("restartCount").asInt()).isEqualTo(4);
        assertThat(last.has("restartInMs")).isFalse();
        JsonNode items = api.json(Api.address(id) + "/crashes").path("items");
        assertThat(items).extracting(item -> item.path("n").asInt()).containsExactly(5, 4, 3, 2, 1);
        assertThat(items.path(4).path("crashLoop").asBoolean(true)).isFalse();
        await("what the workload says of it")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    JsonNode workload = api.json(Api.address(id));
                    assertThat(workload.path("status").asText()).isEqualTo("crashed");
                    assertThat(workload.path("statusReason").asText())
                            .isEqualTo("crash loop: 5 crashes within 5 minutes");
                    assertThat(workload.path("restartCount").asInt()).isEqualTo(4);
                });
    }

    @Test
    void shouldTellWhoSaysSoWhenMemoryRunsOut() {
        // When
        Container first = containers.run(
                "oom", List.of("--memory=8m", "--memory-swap=8m"), "sh", "-c", "sleep 1.5; exec tail /dev/zero");
        Container killed = containers.shell("not-oom", "exit 137");

        // Then
        String id = api.awaitWorkload(first.name());
        JsonNode oom = awaitCrash(id, 1);
        await("what the workload says of it")
                .atMost(SOON)
                .until(() -> api.json(Api.address(id)).path("lastOomKilled").asBoolean());
        assertThat(oom.path("exitCode").asInt()).isEqualTo(137);
        assertThat(oom.path("signal").asText()).isEqualTo("SIGKILL");
        assertThat(oom.path("oomKilled").asBoolean()).isTrue();
        assertThat(oom.path("oom").path("verdictBy").asText()).isEqualTo("event");
        assertThat(oom.path("oom").path("eventAt").asText()).isNotEmpty();
        assertThat(oom.path("oom").path("inspect").asBoolean()).isTrue();
        JsonNode not = awaitCrash(api.awaitWorkload(killed.name()), 1);
        assertThat(not.path("exitCode").asInt()).isEqualTo(137);
        assertThat(not.path("oomKilled").asBoolean(true)).isFalse();
        assertThat(not.path("oom").path("inspect").asBoolean(true)).isFalse();
    }

    @Test
    void shouldFindACrashWhenTheEngineHasForgottenItsEvent() {
        try (Spyhop own = new Spyhop("crashes-overflow", Engine.ofThisMachine())) {
            // Given
            own.start();
            Container crashes = containers.shell("forgotten", "while [ ! -f /go ]; do usleep 20000; done; exit 3");
            Container stays = containers.run("stays", List.of(), "sleep", "600");
            String id = own.api().awaitWorkload(crashes.name());
            own.api().awaitSystemLine(id, "worker started", 1);
            own.stop();

            // When: the engine holds 256 events of all containers, and each signal is one of them
            containers.touch(crashes, "/go");
            containers.awaitExit(crashes);
            List<String> signals = new ArrayList<>(List.of("kill", "--signal=CONT"));
            signals.addAll(Collections.nCopies(300, stays.id()));
            containers.docker(signals.toArray(String[]::new));
            own.start();

            // Then
            own.api().awaitSystemLine(id, "[CRASH] exit=3 oom=false", 1);
            JsonNode report = await("the report")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> own.api().get(Api.address(id) + "/crashes/1"),
                            answer -> answer.status() == 200
                                    && answer.json().path("complete").asBoolean())
                    .json();
            assertThat(report.path("exitCode").asInt()).isEqualTo(3);
            assertThat(report.path("lines"))
                    .extracting(line -> line.path("message").asText())
                    .contains("[CRASH] exit=3 oom=false");
        }
    }

    /** Waits for a report and the lines of it. */
    private JsonNode awaitCrash(String id, int n) {
        return await("crash %d of %s".formatted(n, id))
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> api.get(Api.address(id) + "/crashes/" + n),
                        answer -> answer.status() == 200
                                && answer.json().path("complete").asBoolean())
                .json();
    }
}
