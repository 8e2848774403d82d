package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spyhop dies while it merges chunks, and while it removes old lines; each line is there once, or past its age. */
class KillCompactionST {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Old enough that followers have long got a line, young enough to come of age within this test. */
    private static final String AGE = "10s";

    /** A thousand lines a second, until a file says that it is enough. */
    private static final String WRITER = "i=0; while [ ! -f /enough ]; do i=$((i+1)); seq $((i*10-9)) $((i*10));"
            + " usleep 8000; done; echo end; exec sleep 600";

    private final Engine engine = Engine.ofThisMachine();
    private final Containers containers = new Containers(engine);
    private final Spyhop spyhop = new Spyhop("compaction", settings(engine));
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
        spyhop.start();
        Container container = containers.shell("writer", WRITER);
        String id = api.awaitWorkload(container.name());
        SseClient.Collected collected = new SseClient.Collected();
        try (SseClient sse = SseClient.follow(api, Api.address(id) + "/logs/stream?since=0", collected)) {
            sse.awaitLine(100, LONG);

            // When: between taking the small chunks away and putting the large one there.
            killAt("io.spyhop.logs.compaction.ChunkSwapStore", "insert");
            spyhop.start();
            // And: when whole chunks are removed, and the one in which the age falls is not yet.
            killAt("io.spyhop.logs.compaction.ChunkTrim", "keep");
            spyhop.start();
            await("old lines are removed")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> api.page(Api.address(id), "since=0&limit=2")
                                    .items()
                                    .getLast()
                                    .lineNo()
                            > 2);
            containers.docker("exec", container.id(), "touch", "/enough");
            await("the last line")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(Line.messages(collected.lines(), "stdout"))
                            .endsWith("end"));
        }

        // Then: every line was delivered once, and what is stored is the first line of all and the newest ones.
        List<Line> delivered = collected.lines();
        int count = delivered.size() - 2;
        List<String> expected = new ArrayList<>(FirstPathST.numbers(1, count));
        expected.add("end");
        assertThat(Line.messages(delivered, "stdout")).isEqualTo(expected);
        List<Line> stored = new ArrayList<>();
        api.eachLine(id, stored::add);
        assertThat(stored.getFirst().message()).isEqualTo("worker started");
        assertThat(stored).hasSizeBetween(1000, count);
        assertThat(stored.subList(1, stored.size()))
                .isEqualTo(delivered.subList(delivered.size() - stored.size() + 1, delivered.size()));
        assertThat(spyhop.errors()).isEmpty();
    }

    private void killAt(String type, String method) {
        try (Breakpoint breakpoint = spyhop.breakAt(type, method)) {
            breakpoint.await(LONG);
            spyhop.kill9();
        }
    }

    private static Map<String, String> settings(Engine engine) {
        Map<String, String> settings = new HashMap<>(engine.environment());
        settings.put("SPYHOP_LOGS_RETENTION", AGE);
        return settings;
    }
}
