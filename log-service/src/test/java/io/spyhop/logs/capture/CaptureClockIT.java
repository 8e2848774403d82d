package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.logs.Backends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of the engine's machine is set back: each line is stored once, in the engine's order, whoever reads when. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CaptureClockIT extends CaptureCase {
    private static final Duration STEP = Duration.ofSeconds(30);

    /** @param errors which of the lines are errors, by bit */
    @ParameterizedTest
    @ValueSource(ints = {0, 0b1_0101_0100, 0b1_1111_0000, 0b0_0000_1110})
    void shouldStoreEachLineOnceWhereverItsOwnerEnds(int errors) throws Exception {
        // Given
        silence = Duration.ofMillis(300);
        String container = engine.run(FakeBlueprint.named("a"));
        Owner owner = owner();
        owner.lives(container, 0);
        List<String> expected = new ArrayList<>(List.of("worker started"));
        // When: 4 and 5 are written about when 2 and 3 were, the others later
        for (int i = 1; i <= 8; i++) {
            if (i == 4) {
                engine.advance(STEP.multipliedBy(-2).minusMillis(1));
            }
            engine.writeAt(
                    container,
                    (errors >> i & 1) == 1,
                    engine.clockNanos(),
                    Integer.toString(i).getBytes(UTF_8));
            engine.advance(STEP);
            expected.add(Integer.toString(i));
            awaitMessages(expected.toArray(String[]::new));
            owner.stop();
            owner = owner();
            owner.lives(container, 0);
        }
        // Then
        engine.write(container, "end");
        expected.add("end");
        awaitMessages(expected.toArray(String[]::new));
    }

    @Test
    void shouldMissNothingWhereTheLastStoredLineIsGone() throws Exception {
        // Given
        String container = engine.run(FakeBlueprint.named("a"));
        Owner first = owner();
        first.lives(container, 0);
        engine.write(container, "1");
        engine.advance(STEP);
        engine.write(container, "2");
        engine.advance(STEP.multipliedBy(-1));
        engine.write(container, "3");
        awaitMessages("worker started", "1", "2", "3");
        first.stop();
        // When
        for (int i = 4; i <= 6; i++) {
            engine.write(container, Integer.toString(i));
        }
        engine.dropOldLines(container, 2);
        owner().lives(container, 0);
        engine.write(container, "7");
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines())
                        .extracting(line -> line.get("message").textValue().replaceAll(" 2.* possible", " possible"))
                        .containsExactly(
                                "worker started",
                                "1",
                                "2",
                                "3",
                                "[GAP] possible: the engine no longer has the last line that was read",
                                "5",
                                "6",
                                "7"));
    }

    @Test
    void shouldReadWhatWasWrittenAfterTheClockWasSetBackWhileNobodyRead() throws Exception {
        // Given
        String container = engine.run(FakeBlueprint.named("a"));
        Owner first = owner();
        first.lives(container, 0);
        engine.write(container, "1");
        engine.writeError(container, "2");
        awaitMessages("worker started", "1", "2");
        first.stop();
        // When
        engine.advance(STEP.multipliedBy(-1));
        engine.write(container, "3");
        engine.writeError(container, "4");
        owner().lives(container, 0);
        engine.write(container, "5");
        // Then
        awaitMessages("worker started", "1", "2", "3", "4", "5");
    }

    @Test
    void shouldReadWhatAFollowLeavesOut() throws Exception {
        // Given a follow from the stored line on
        silence = Duration.ofMillis(300);
        String container = engine.run(FakeBlueprint.named("a"));
        Owner first = owner();
        first.lives(container, 0);
        engine.write(container, "1");
        awaitMessages("worker started", "1");
        first.stop();
        owner().lives(container, 0);
        engine.write(container, "2");
        awaitMessages("worker started", "1", "2");
        // When
        engine.advance(STEP.multipliedBy(-1));
        engine.write(container, "3");
        awaitMessages("worker started", "1", "2", "3");
        engine.write(container, "4");
        // Then
        awaitMessages("worker started", "1", "2", "3", "4");
    }

    @Test
    void shouldReadALifeThatBeganBeforeTheFormerOne() {
        // Given
        String container = engine.run(FakeBlueprint.named("a"));
        Owner owner = owner();
        owner.lives(container, 0);
        engine.write(container, "1");
        engine.exit(container, 0);
        owner.ends(container, InstanceTransition.Type.EXITED, 0);
        awaitMessages("worker started", "1", "worker exited");
        // When
        engine.advance(STEP.multipliedBy(-1));
        engine.start(container);
        // Before anybody follows: what comes later, such a follow brings only once its silence is looked into.
        engine.write(container, "2");
        owner.lives(container, 0);
        // Then
        awaitMessage("2");
    }
}
