package io.spyhop.logs.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Captures of one workload on a real database and broker, from a fake engine. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CaptureIT extends CaptureCase {
    @Test
    void shouldWriteALifeInOrder() {
        // Given
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        // When
        engine.write(container, "out");
        engine.writeError(container, "err");
        engine.exit(container, 3);
        owner.ends(container, InstanceTransition.Type.CRASHED, 3);
        // Then
        awaitMessages("worker started", "out", "err", "[CRASH] exit=3 oom=false");
        assertThat(lines())
                .extracting(line -> line.get("level").textValue())
                .containsExactly("system", "info", "stderr", "system");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(2));
    }

    @Test
    void shouldCountTheLogsThatItReads() {
        // Given
        Owner owner = owner();
        String first = engine.run(FakeBlueprint.named("a"));
        String second = engine.run(FakeBlueprint.named("b"));
        owner.lives(first, 0);
        owner.lives(second, 1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ways(owner)).isEqualTo(new CaptureWays(0, 2)));

        // When
        engine.exit(first, 0);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ways(owner)).isEqualTo(new CaptureWays(0, 1)));

        // When
        engine.setUnreachable(true);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ways(owner)).isEqualTo(CaptureWays.NONE));
    }

    private static CaptureWays ways(Owner owner) {
        Map<String, CaptureWays> ways = new HashMap<>();
        owner.capture.countWays(ways);
        return ways.getOrDefault("local", CaptureWays.NONE);
    }

    @Test
    void shouldRepeatNothingAndMissNothingOverRestartsOfTheOwner() throws Exception {
        // Given
        String container = engine.run(FakeBlueprint.named("a"));
        Owner first = owner();
        first.lives(container, 0);
        engine.write(container, "1");
        awaitMessages("worker started", "1");
        // When the owner goes, lines are written, and another one comes
        first.stop();
        engine.write(container, "2");
        InstanceTransition ending = restart(state(container, 0), 1);
        engine.write(container, "3");
        Owner second = owner();
        second.happens(ending);
        second.lives(container, 0);
        // Then
        awaitMessages("worker started", "1", "2", "worker exited", "worker started", "3");
    }

    @Test
    void shouldFollowACreatedContainerOnceItStarts() {
        // Given
        Owner owner = owner();
        String container = engine.create("a");
        owner.capture.changed(state(container, 0).with(InstanceStatus.CREATING));
        // When it is told to run before anybody knows since when
        engine.start(container);
        engine.write(container, "first");
        owner.capture.changed(state(container, 0).with(InstanceStatus.RUNNING));
        owner.lives(container, 0);
        // Then
        awaitMessages("worker started", "first");
    }

    @Test
    void shouldTellTheNextLifeWhenTheEngineRestartedInTheFirstOneAndOutputNeverRests() {
        // Given: told to run before anybody knows since when, so that the first life is read without a name.
        Owner owner = owner();
        String container = engine.create("a");
        InstanceState unnamed = state(container, 0).with(InstanceStatus.RUNNING);
        engine.start(container);
        owner.capture.changed(unnamed);
        engine.write(container, "1");
        owner.lives(container, 0);
        awaitMessages("worker started", "1");

        // When
        InstanceState life = state(container, 0);
        engine.setUnreachable(true);
        InstanceTransition ending = restart(life, 137);
        engine.setUnreachable(false);
        owner.happens(ending);
        owner.lives(container, 0);

        // Then
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            engine.write(container, "more");
            assertThat(lines())
                    .extracting(line -> line.get("message").textValue())
                    .startsWith("worker started", "1", "worker exited", "worker started");
        });
    }

    @Test
    void shouldWriteAnEndingOnceHoweverOftenItIsDelivered() {
        // Given
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        engine.exit(container, 0);
        InstanceTransition ending = owner.ends(container, InstanceTransition.Type.EXITED, 0);
        awaitMessages("worker started", "worker exited");
        // When
        owner.happens(ending);
        owner.happens(removal(container));
        // Then
        awaitMessages("worker started", "worker exited", "worker removed");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(4));
    }

    @Test
    void shouldKeepNumbersWholeWhileTwoOwnersFight() {
        // Given a former owner that does not know that it is one
        String container = engine.run(FakeBlueprint.named("a"));
        int lines = 5_000;
        Owner former = owner();
        former.lives(container, 0);
        for (int i = 1; i <= lines / 2; i++) {
            engine.write(container, "line " + i);
        }
        awaitMessage("line 100");
        // When
        Owner latter = owner();
        latter.lives(container, 0);
        for (int i = lines / 2 + 1; i <= lines; i++) {
            engine.write(container, "line " + i);
        }
        // Then
        List<String> expected = new ArrayList<>(List.of("worker started"));
        IntStream.rangeClosed(1, lines).forEach(i -> expected.add("line " + i));
        awaitMessages(expected.toArray(String[]::new));
    }

    @Test
    void shouldCaptureSeveralInstancesOfOneWorkload() {
        // Given
        Owner owner = owner();
        String first = engine.run(FakeBlueprint.named("a-1"));
        String second = engine.run(FakeBlueprint.named("a-2"));
        owner.lives(first, 0);
        owner.lives(second, 1);
        awaitCount(2);
        // When
        engine.write(first, "from 0");
        awaitCount(3);
        engine.write(second, "from 1");
        awaitCount(4);
        // Then
        List<JsonNode> lines = lines();
        assertThat(lines.subList(2, 4))
                .extracting(line -> line.get("message").textValue() + " " + line.get("instance"))
                .containsExactly("from 0 0", "from 1 1");
    }

    @Test
    void shouldGoOnWhenTheEngineComesBack() {
        // Given
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        engine.write(container, "before");
        awaitMessages("worker started", "before");
        // When
        engine.setUnreachable(true);
        engine.write(container, "while away");
        engine.setUnreachable(false);
        // Then
        awaitMessages("worker started", "before", "while away");
    }

    @Test
    void shouldPauseWhileTheDiskIsNearlyFullAndLoseNothing() {
        // Given
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        engine.write(container, "before");
        awaitMessages("worker started", "before");
        // When
        freeBytes.set(LogLimits.DISK_FREE_MIN - 1);
        await().atMost(PATIENCE).until(disk::low);
        engine.write(container, "while full");
        await().atMost(PATIENCE).until(() -> !owner.capture.ready());
        awaitMessages("worker started", "before");
        freeBytes.set(LogLimits.DISK_FREE_MIN + LogLimits.DISK_FREE_MARGIN);
        // Then
        awaitMessages("worker started", "before", "while full");
    }

    @Test
    void shouldTellEachLifeWhenTheEngineBreaksInBetween() {
        // Given
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        engine.write(container, "first life");
        awaitMessages("worker started", "first life");
        InstanceState life = state(container, 0);
        // When
        engine.setUnreachable(true);
        InstanceTransition ending = restart(life, 137);
        engine.write(container, "second life");
        engine.setUnreachable(false);
        // Then nothing of the new life comes before what its watcher tells
        owner.happens(ending);
        owner.lives(container, 0);
        awaitMessages("worker started", "first life", "worker exited", "worker started", "second life");
    }
}
