package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spyhop dies while it merges chunks, and while it removes lines; each is there once, or was to be removed. */
class KillCompactionST {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** The number of a line in the midst of what is written and stored at once. */
    private static final int KEPT_FROM = 1006;

    /** A thousand lines a second, until a file says that it is enough. */
    private static final String WRITER = "i=0; while [ ! -f /enough ]; do i=$((i+1)); seq $((i*10-9)) $((i*10));"
            + " usleep 8000; done; echo end; exec sleep 600";

    private final Engine engine = Engine.ofThisMachine();
    private final Containers containers = new Containers(engine);
    private final Spyhop spyhop = new Spyhop("compaction", engine);
    private final Api api = spyhop.api();

    @AfterEach
    void end() {
        try (containers) {
            spyhop.close();
        }
    }

    @Test
    void shouldHaveEachLineOnceWhenKilledWhileChunksAreExchangedAndRemoved() {
        // Given
        spyhop.debuggable(true).start();
        Container container = containers.shell("writer", WRITER);
        String id = api.awaitWorkload(container.name());
        SseClient.Collected collected = new SseClient.Collected();
        try (SseClient sse = SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", collected)) {
            sse.awaitLine(100, LONG);

            // When: between taking the small chunks away and putting the large one there.
            killAt("io.spyhop.logs.compaction.ChunkSwapStore", "insert", () -> {});
            spyhop.start();
            sse.awaitLine(2 * KEPT_FROM, LONG);
            // And: when whole chunks are removed, and the one in which the first kept line is, is not yet cut.
            String removal = Api.address(id) + "/logs?until=" + KEPT_FROM;
            CompletableFuture<Api.Answer> unanswered = new CompletableFuture<>();
            killAt(
                    "io.spyhop.logs.compaction.ChunkTrim",
                    "keep",
                    () -> unanswered.completeAsync(() -> api.send("DELETE", removal, null)));
            assertThat(unanswered).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(Api.NoAnswer.class);
            spyhop.debuggable(false).start();
            assertThat(api.send("DELETE", removal, null).status()).isEqualTo(200);
            containers.touch(container, "/enough");
            await("the last line")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(Line.messages(collected.lines(), "stdout"))
                            .endsWith("end"));
        }

        // Then: every line was delivered once, and what is stored are those that were kept.
        List<Line> delivered = collected.lines();
        int count = delivered.size() - 2;
        List<String> expected = new ArrayList<>(FirstPathST.numbers(1, count));
        expected.add("end");
        assertThat(Line.messages(delivered, "stdout")).isEqualTo(expected);
        List<Line> stored = new ArrayList<>();
        api.eachLine(id, stored::add);
        assertThat(stored).isEqualTo(delivered.subList(KEPT_FROM - 1, delivered.size()));
    }

    private void killAt(String type, String method, Runnable cause) {
        try (Breakpoint breakpoint = spyhop.breakAt(type, method)) {
            cause.run();
            breakpoint.await(LONG);
            spyhop.kill9();
        }
    }
}
