package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.engine.LogGap;
import io.spyhop.engine.LogSink;
import io.spyhop.logs.Backends;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is missing, and what only seems to be. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CaptureGapsIT extends CaptureCase {
    private static final String POSSIBLE = "possible: the engine no longer has the last line that was read";

    @Test
    void shouldTellOnceWhatTheEngineDroppedMeanwhile() throws Exception {
        // Given
        String container = engine.run(FakeBlueprint.named("a"));
        Owner first = owner();
        first.lives(container, 0);
        engine.write(container, "1");
        engine.write(container, "2");
        awaitMessages("worker started", "1", "2");
        first.stop();
        // When
        for (int i = 3; i <= 6; i++) {
            engine.write(container, Integer.toString(i));
        }
        engine.dropOldLines(container, 2);
        Owner second = owner();
        second.lives(container, 0);
        awaitCount(6);
        second.stop();
        Owner third = owner();
        third.lives(container, 0);
        engine.write(container, "7");
        engine.exit(container, 0);
        third.ends(container, InstanceTransition.Type.EXITED, 0);
        // Then
        String from = text(lines().get(2), "at");
        String to = text(lines().get(4), "at");
        awaitMessages(
                "worker started",
                "1",
                "2",
                "[GAP] " + from + ".." + to + " " + POSSIBLE,
                "5",
                "6",
                "7",
                "worker exited");
        JsonNode gap = lines().get(3);
        assertThat(text(gap, "at")).isEqualTo(to);
        assertThat(text(gap, "stream")).isEqualTo("system");
        assertThat(gap.get("fields").toString())
                .isEqualTo(
                        "{\"from\":\"" + from + "\",\"to\":\"" + to + "\",\"reason\":\"possible\",\"possible\":true}");
    }

    @Test
    void shouldWriteATransitionThatIsOlderThanAGap() throws Exception {
        // Given
        String container = engine.run(FakeBlueprint.named("a"));
        Owner first = owner();
        first.lives(container, 0);
        engine.write(container, "1");
        awaitMessages("worker started", "1");
        first.stop();
        // When a life ended, and what is left is of the next one
        InstanceTransition ending = restart(state(container, 0), 3);
        engine.write(container, "2");
        engine.write(container, "3");
        engine.dropOldLines(container, 1);
        Owner second = owner();
        second.happens(ending);
        second.lives(container, 0);
        awaitMessage("3");
        InstanceState life = state(container, 0);
        second.happens(transition(
                container,
                InstanceTransition.Type.STOPPED,
                life.startedAt() == null ? Instant.EPOCH : life.startedAt().plusNanos(1),
                0));
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines())
                        .extracting(line -> text(line, "message").replaceAll(" 2.* possible", " possible"))
                        .containsExactly(
                                "worker started",
                                "1",
                                "worker exited",
                                "worker started",
                                "[GAP] " + POSSIBLE,
                                "3",
                                "worker stopped"));
    }

    @Test
    void shouldTellOnceALifeThatADriverCannotBeRead() throws Exception {
        // Given
        String container = engine.run(FakeBlueprint.named("a").withLogDriver("none"));
        Owner first = owner();
        first.lives(container, 0);
        awaitCount(2);
        first.stop();
        // When
        Owner second = owner();
        second.lives(container, 0);
        second.happens(restart(state(container, 0), 1));
        second.lives(container, 0);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines())
                        .extracting(line -> text(line, "message").replaceAll(" 2\\S*", ""))
                        .containsExactly(
                                "worker started",
                                "[GAP] the log driver cannot be read",
                                "worker exited",
                                "worker started",
                                "[GAP] the log driver cannot be read"));
    }

    @Test
    void shouldTellWhatTheReaderFoundWhereItIsAndOnlyAmongNewLines() throws Exception {
        // Given: entries are lost before every "after"
        seen = new SeenEngine(
                engine,
                (log, sink, closed) -> log.read(new LogSink() {
                    @Override
                    public void line(boolean stderr, long at, byte[] bytes, int offset, int length, boolean partial)
                            throws InterruptedException {
                        if (new String(bytes, offset, length, UTF_8).startsWith("after")) {
                            sink.gap(new LogGap(LogGap.Reason.BROKEN, 0, 0, 1));
                            sink.gap(new LogGap(LogGap.Reason.BROKEN, 0, 0, 1));
                        }
                        sink.line(stderr, at, bytes, offset, length, partial);
                    }
                }));
        String container = engine.run(FakeBlueprint.named("a"));
        Owner first = owner();
        first.lives(container, 0);
        engine.write(container, "before");
        engine.write(container, "after 1");
        awaitCount(4);
        first.stop();
        // When
        Owner second = owner();
        second.lives(container, 0);
        engine.write(container, "after 2");
        awaitCount(6);
        // Then
        assertThat(lines())
                .extracting(line -> text(line, "message").replaceAll(" 2\\d{3}\\S*", ""))
                .containsExactly(
                        "worker started",
                        "before",
                        "[GAP] the log has entries that cannot be read",
                        "after 1",
                        "[GAP] the log has entries that cannot be read",
                        "after 2");
        assertThat(lines().get(2).get("fields").get("entries").intValue()).isEqualTo(2);
    }

    @Test
    void shouldOpenAFollowAnewWhenTheEngineHasMoreThanItBrings() {
        // Given: the first follow stalls after two lines
        silence = Duration.ofMillis(300);
        AtomicInteger follows = new AtomicInteger();
        seen = new SeenEngine(engine, (log, sink, closed) -> {
            boolean stalls = follows.incrementAndGet() == 1;
            AtomicInteger lines = new AtomicInteger();
            log.read((stderr, at, bytes, offset, length, partial) -> {
                if (stalls && lines.incrementAndGet() > 2) {
                    closed.await();
                } else {
                    sink.line(stderr, at, bytes, offset, length, partial);
                }
            });
        });
        String container = engine.run(FakeBlueprint.named("a"));
        owner().lives(container, 0);
        // When
        for (int i = 1; i <= 4; i++) {
            engine.write(container, Integer.toString(i));
        }
        // Then
        awaitMessages("worker started", "1", "2", "3", "4");
    }

    @Test
    void shouldKeepWhatAClockThatWasSetBackMakesOlder() {
        // Given
        String container = engine.run(FakeBlueprint.named("a"));
        owner().lives(container, 0);
        engine.write(container, "1");
        awaitMessages("worker started", "1");
        long now = engine.clockNanos();
        // When
        for (int i = 2; i <= 4; i++) {
            engine.writeAt(
                    container,
                    false,
                    now - Duration.ofHours(1).toNanos() + i / 3,
                    List.of("2", "3", "4").get(i - 2).getBytes(UTF_8));
        }
        engine.write(container, "5");
        // Then
        awaitMessages("worker started", "1", "2", "3", "4", "5");
    }

    private static String text(JsonNode line, String field) {
        return line.get(field).textValue();
    }
}
