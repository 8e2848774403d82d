package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Spyhop dies without warning; what the engine still has is read once, and followers notice nothing but a pause. All tests
 * kill the same one, which runs again after each.
 */
class KillST {
    private static final Duration LONG = Duration.ofMinutes(1);
    /** What a start after a kill may take. */
    private static final Duration RESTART = Duration.ofSeconds(30);

    private static final Spyhop SPYHOP = new Spyhop("kill", Engine.ofThisMachine());

    private final Containers containers = new Containers(Engine.ofThisMachine());
    private final Api api = SPYHOP.api();

    @BeforeAll
    static void start() {
        SPYHOP.start();
    }

    @AfterAll
    static void shouldStopWithoutAnErrorWhenItWasKilledBefore() {
        try (SPYHOP) {
            SPYHOP.stop();
            assertThat(SPYHOP.errors()).isEmpty();
        }
    }

    @AfterEach
    void removeContainers() {
        containers.close();
    }

    @Test
    void shouldMissAndRepeatNothingWhenKilledInMidStream() {
        // Given: a thousand lines a second on one pipe and a hundred on the other.
        int ticks = 1500;
        Container container = containers.shell("mid", writer(ticks) + "; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        SseClient.Collected collected = new SseClient.Collected();
        try (SseClient sse = SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", collected)) {

            // When: at three moments, one of them soon after coming back.
            for (long at : new long[] {1500, 4000, 4500}) {
                sse.awaitLine(at, LONG);
                SPYHOP.kill9();
                SPYHOP.start();
            }
            await("the last line")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(Line.messages(collected.lines(), "stdout"))
                            .endsWith(Integer.toString(ticks * 10)));
            long last = 1 + ticks * 11L;
            sse.awaitLine(last, LONG);
            assertThat(sse.connections()).isGreaterThan(1);
        }

        // Then
        List<Line> lines = api.lines(id);
        assertThat(Line.messages(lines, "stdout")).isEqualTo(FirstPathST.numbers(1, ticks * 10));
        assertThat(Line.messages(lines, "stderr"))
                .isEqualTo(FirstPathST.numbers(1, ticks).stream()
                        .map(n -> "e-" + n)
                        .toList());
        assertThat(Line.messages(lines, "system")).containsExactly("worker started");
        assertThat(collected.lines()).isEqualTo(lines);
        assertThat(SPYHOP.errors()).isEmpty();
    }

    @Test
    void shouldMissAndRepeatNothingWhenKilledBetweenCommitAndPublish() {
        // Given
        SPYHOP.stop();
        SPYHOP.debuggable(true).start();
        int ticks = 1200;
        Container container = containers.shell("between", writer(ticks) + "; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        SseClient.Collected collected = new SseClient.Collected();
        try (SseClient sse = SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", collected)) {
            sse.awaitLine(500, LONG);

            // When
            try (Breakpoint published = SPYHOP.breakAt("io.spyhop.logs.store.BatchPublisher", "publish")) {
                published.await(LONG);
                SPYHOP.kill9();
            }
            SPYHOP.debuggable(false).start();
            sse.awaitLine(1 + ticks * 11L, LONG);
        }

        // Then
        List<Line> lines = api.lines(id);
        assertThat(Line.messages(lines, "stdout")).isEqualTo(FirstPathST.numbers(1, ticks * 10));
        assertThat(Line.messages(lines, "stderr")).hasSize(ticks).doesNotHaveDuplicates();
        assertThat(Line.messages(lines, "system")).containsExactly("worker started");
        assertThat(collected.lines()).isEqualTo(lines);
        assertThat(SPYHOP.errors()).isEmpty();
    }

    @Test
    void shouldStartAndBeExactWhenKilledWhileStarting() {
        // Given
        Container container = containers.shell("starting", writer(1200) + "; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 100, LONG);
        SPYHOP.kill9();

        // When: from the first class loaded to the last moment before it is ready.
        for (int millis : new int[] {300, 900, 1500, 2100, 2700}) {
            SPYHOP.launch();
            SPYHOP.pass(Duration.ofMillis(millis));
            SPYHOP.kill9();
        }
        SPYHOP.start();
        api.awaitLines(id, 1 + 1200 * 11L, LONG);

        // Then
        List<Line> lines = api.lines(id);
        assertThat(Line.messages(lines, "stdout")).isEqualTo(FirstPathST.numbers(1, 12000));
        assertThat(Line.messages(lines, "stderr")).hasSize(1200).doesNotHaveDuplicates();
        assertThat(Line.messages(lines, "system")).containsExactly("worker started");
        assertThat(SPYHOP.errors()).isEmpty();
    }

    @Test
    void shouldCatchUpWhenContainersChangedWhileItWasDown() {
        // Given
        String[] compose = {
            "--label", "com.docker.compose.project=" + containers.name("p"),
            "--label", "com.docker.compose.service=web",
            "--label", "com.docker.compose.container-number=1"
        };
        Container wrote = containers.shell("wrote", waiting("seq 1 100", "seq 101 3000; exec sleep 600"));
        Container ended = containers.shell("ended", waiting("echo a", "seq 1 500; exit 3"));
        Container restarted = containers.shell("restarted", "echo life; exec sleep 600");
        Container removed = containers.shell("gone", "seq 1 50; exec sleep 600");
        Container old = containers.shell("old", "seq 1 10; exec sleep 600", compose);
        String wroteId = api.awaitWorkload(wrote.name());
        String endedId = api.awaitWorkload(ended.name());
        String restartedId = api.awaitWorkload(restarted.name());
        String removedId = api.awaitWorkload(removed.name());
        String composeId = api.awaitWorkload(old.name());
        api.awaitLines(wroteId, 101, LONG);
        api.awaitLines(endedId, 2, LONG);
        api.awaitLines(restartedId, 2, LONG);
        api.awaitLines(removedId, 51, LONG);
        api.awaitLines(composeId, 11, LONG);

        // When
        SPYHOP.kill9();
        containers.touch(wrote, "/go");
        containers.touch(ended, "/go");
        containers.awaitExit(ended);
        containers.docker("restart", "-t", "0", restarted.id());
        containers.remove(removed);
        containers.remove(old);
        Container recreated = containers.shell("new", "seq 11 20; exec sleep 600", compose);
        Container appeared = containers.shell("appeared", "seq 1 700");
        containers.awaitExit(appeared);
        assertThat(containers.runToRemoval("never", "echo", "unseen")).isEmpty();
        SPYHOP.start();
        api.awaitLines(wroteId, 3001, LONG);
        api.awaitLines(composeId, 22, LONG);
        String appearedId = api.awaitWorkload(appeared.name());

        // Then
        assertThat(Line.messages(api.lines(wroteId), "stdout")).isEqualTo(FirstPathST.numbers(1, 3000));
        List<String> endedOut = Line.messages(awaitSystem(endedId, "worker started", 2), "stdout");
        assertThat(endedOut.getFirst()).isEqualTo("a");
        assertThat(endedOut.subList(1, endedOut.size())).isEqualTo(FirstPathST.numbers(1, 500));
        await("both lives")
                .atMost(RESTART)
                .untilAsserted(() -> assertThat(Line.messages(api.lines(restartedId), "stdout"))
                        .containsExactly("life", "life"));
        assertThat(Line.messages(api.awaitSystemLine(removedId, "worker removed", 1), "stdout"))
                .isEqualTo(FirstPathST.numbers(1, 50));
        assertThat(api.json(Api.address(removedId)).path("status").asText()).isEqualTo("removed");
        assertThat(Line.messages(api.lines(composeId), "stdout")).isEqualTo(FirstPathST.numbers(1, 20));
        JsonNode detail = api.json(Api.address(composeId));
        assertThat(detail.path("containerId").asText()).isEqualTo(recreated.id());
        assertThat(Line.messages(api.awaitSystemLine(appearedId, "worker exited", 1), "stdout"))
                .isEqualTo(FirstPathST.numbers(1, 700));
        // Of what came and went meanwhile the engine has no output; that it was there may be known from its events.
        api.find(containers.name("never")).ifPresent(workload -> {
            assertThat(workload.path("status").asText()).isEqualTo("removed");
            assertThat(Line.messages(api.lines(workload.path("id").asText()), "stdout"))
                    .isEmpty();
        });
    }

    /** Lines with that system line among them as often, or one time less: an ending while nobody watched is told once. */
    private List<Line> awaitSystem(String id, String text, int atMost) {
        List<Line> lines = await("all output of " + id)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> api.lines(id), all -> Line.messages(all, "stdout").size() >= 501);
        assertThat(Line.messages(lines, "system").stream().filter(text::equals).count())
                .isBetween(1L, (long) atMost);
        return lines;
    }

    /** Ten numbers and one error a tick of about 8 ms. */
    private static String writer(int ticks) {
        return "i=0; while [ $i -lt " + ticks + " ]; do i=$((i+1)); seq $((i*10-9)) $((i*10)); echo e-$i >&2;"
                + " usleep 6000; done";
    }

    private static String waiting(String first, String second) {
        return first + "; while [ ! -f /go ]; do usleep 20000; done; " + second;
    }
}
