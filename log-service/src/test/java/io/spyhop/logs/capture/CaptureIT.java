package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadIdentity;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.engine.FakeEngine;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.store.BatchPublisher;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.DiskGuard;
import io.spyhop.logs.store.StoreLoop;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Captures of one workload on a real database and broker, from a fake engine. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CaptureIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    ChunkStore store;

    @Inject
    BatchPublisher publisher;

    @Inject
    LogMetrics metrics;

    @Inject
    LogsApi logs;

    private final FakeEngine engine = new FakeEngine();
    private final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
    private final DiskGuard disk = new DiskGuard(freeBytes::get);
    private final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));
    private final List<Owner> owners = new ArrayList<>();

    @AfterEach
    void stopOwners() throws InterruptedException {
        for (Owner owner : owners) {
            owner.stop();
        }
        engine.close();
    }

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

    private Owner owner() {
        Owner owner = new Owner();
        owners.add(owner);
        owner.capture.start();
        return owner;
    }

    private void awaitMessages(String... messages) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines())
                        .extracting(line -> line.get("message").textValue())
                        .containsExactly(messages));
        List<JsonNode> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).get("lineNo").longValue()).isEqualTo(i + 1);
        }
    }

    private void awaitMessage(String message) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines())
                        .extracting(line -> line.get("message").textValue())
                        .contains(message));
    }

    private void awaitCount(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lines()).hasSize(count));
    }

    private List<JsonNode> lines() {
        List<JsonNode> lines = new ArrayList<>();
        long after = 0;
        LinesPage page = logs.after(workload, after, LogsApi.PAGE_LINES_MAX);
        while (page.count() > 0) {
            new String(page.ndjson(), UTF_8).lines().forEach(row -> lines.add(parse(row)));
            page = logs.after(workload, page.through(), LogsApi.PAGE_LINES_MAX);
        }
        return lines;
    }

    private static JsonNode parse(String row) {
        try {
            return JSON.readTree(row);
        } catch (java.io.IOException e) {
            throw new AssertionError("not JSON: " + row, e);
        }
    }

    private InstanceState state(String container, int index) {
        ContainerDetails details = engine.inspect(container).orElseThrow();
        return new InstanceState(
                new WorkloadIdentity(
                        workload,
                        "w",
                        "w",
                        Kind.CONTAINER,
                        "default",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                "local",
                container,
                details.name(),
                index,
                1,
                InstanceStatus.RUNNING,
                details.image(),
                Map.of(),
                details.tty(),
                null,
                null,
                null,
                details.exitCode(),
                false,
                0,
                details.createdAt(),
                details.startedAt(),
                details.finishedAt());
    }

    /** Ends a life and begins another; the former one's ending, as the watcher would tell it. */
    private InstanceTransition restart(InstanceState life, int exitCode) {
        Instant finished = Instant.ofEpochSecond(0, engine.clockNanos());
        engine.exitAndRestart(life.containerId(), exitCode);
        engine.start(life.containerId());
        return new InstanceTransition(
                workload,
                "default",
                "local",
                life.containerId(),
                0,
                InstanceTransition.Type.EXITED,
                finished,
                life.startedAt(),
                exitCode,
                false);
    }

    private InstanceTransition removal(String container) {
        return transition(
                container,
                InstanceTransition.Type.REMOVED,
                Instant.ofEpochSecond(0, engine.clockNanos()).plusSeconds(60),
                null);
    }

    private InstanceTransition transition(
            String container, InstanceTransition.Type type, Instant at, @Nullable Integer exitCode) {
        ContainerDetails details = engine.inspect(container).orElseThrow();
        return new InstanceTransition(
                workload, "default", "local", container, 0, type, at, details.startedAt(), exitCode, false);
    }

    /** One replica, as far as this workload goes. */
    private final class Owner {
        final StoreLoop storeLoop = new StoreLoop(store, publisher, disk, metrics);
        final WorkloadCapture capture = new WorkloadCapture(
                workload,
                new CaptureContext(
                        store,
                        storeLoop,
                        publisher,
                        disk,
                        host -> engine,
                        metrics,
                        0,
                        LogLimits.SILENCE,
                        idle -> false));
        final AtomicInteger acknowledged = new AtomicInteger();

        Owner() {
            storeLoop.start();
        }

        /** A new life, as the watcher tells it. */
        void lives(String container, int index) {
            InstanceState state = state(container, index);
            capture.changed(state);
            happens(transition(
                    container, InstanceTransition.Type.STARTED, Objects.requireNonNull(state.startedAt()), null));
        }

        InstanceTransition ends(String container, InstanceTransition.Type type, int exitCode) {
            Instant finished = Objects.requireNonNull(
                    engine.inspect(container).orElseThrow().finishedAt());
            InstanceTransition ending = transition(container, type, finished, exitCode);
            happens(ending);
            return ending;
        }

        void happens(InstanceTransition transition) {
            capture.happened(new PendingTransition(transition, acknowledged::incrementAndGet));
        }

        void stop() throws InterruptedException {
            capture.stop();
            capture.join();
            storeLoop.stop();
        }
    }
}
