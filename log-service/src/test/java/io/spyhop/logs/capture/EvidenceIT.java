package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogConnections;
import io.spyhop.messaging.TopicRecord;
import io.spyhop.messaging.TopicTail;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of lives that ended, on a real database and broker, from a fake engine. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class EvidenceIT extends CaptureCase {
    @Inject
    LogConnections connections;

    @Inject
    ObjectMapper json;

    private final List<LinesEvidence> told = new CopyOnWriteArrayList<>();
    private TopicTail tail;

    @BeforeEach
    void listen() {
        tail = new TopicTail(connections.kafka(), Topics.EVIDENCE, this::seen);
        tail.watch(RecordKey.partitionOf(workload.value())).join();
    }

    @AfterEach
    void close() {
        tail.close();
    }

    private void seen(TopicRecord record) {
        try {
            LinesEvidence evidence = json.readValue(Objects.requireNonNull(record.value()), LinesEvidence.class);
            if (evidence.workload().equals(workload)) {
                told.add(evidence);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldTellTheLastLinesOfALifeWhenItsOutputIsStored() {
        // Given
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        IntStream.rangeClosed(1, 150).forEach(i -> engine.write(container, "line " + i));

        // When
        engine.exit(container, 3);
        InstanceTransition ending = owner.ends(container, InstanceTransition.Type.CRASHED, 3);

        // Then
        LinesEvidence evidence = awaitTold(1).getFirst();
        assertThat(evidence.type()).isEqualTo("lines");
        assertThat(evidence.containerId()).isEqualTo(container);
        assertThat(evidence.endedAt()).isEqualTo(ending.at());
        assertThat(evidence.lifeStartedAt()).isEqualTo(ending.lifeStartedAt());
        assertThat(evidence.through()).isEqualTo(152);
        assertThat(evidence.omitted()).isZero();
        assertThat(evidence.partial()).isNull();
        assertThat(evidence.ndjson().lines()).hasSize(100);
        assertThat(evidence.ndjson().lines().toList().getFirst()).contains("\"message\":\"line 52\"");
        assertThat(evidence.ndjson().lines().toList().getLast()).contains("[CRASH] exit=3 oom=false");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(2));
    }

    @Test
    void shouldTellTheSameWhenTheEndingComesAgainToAnotherOwner() throws InterruptedException {
        // Given
        Owner first = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        first.lives(container, 0);
        engine.write(container, "only line");
        awaitMessages("worker started", "only line");
        InstanceState life = state(container, 0);
        InstanceTransition ending = restart(life, 1);
        first.happens(ending);
        first.lives(container, 0);
        awaitCount(4);
        engine.write(container, "of the next life");
        awaitTold(1);
        awaitCount(5);
        first.stop();

        // When
        Owner second = owner();
        second.capture.changed(state(container, 0));
        second.happens(ending);

        // Then
        List<LinesEvidence> both = awaitTold(2);
        assertThat(both.get(1)).isEqualTo(both.get(0));
        assertThat(both.get(0).through()).isEqualTo(3);
        assertThat(both.get(0).ndjson()).contains("only line").doesNotContain("of the next life");
    }

    @Test
    void shouldTellOfOneInstanceWhenThereAreSeveral() {
        // Given
        Owner owner = owner();
        String first = engine.run(FakeBlueprint.named("a"));
        String second = engine.run(FakeBlueprint.named("b"));
        owner.capture.changed(state(first, 0));
        owner.capture.changed(state(second, 1));
        owner.lives(first, 0);
        owner.lives(second, 1);
        awaitCount(2);
        engine.write(first, "of the first");
        engine.write(second, "of the second");
        awaitCount(4);

        // When
        engine.exit(first, 1);
        owner.ends(first, InstanceTransition.Type.CRASHED, 1);

        // Then
        LinesEvidence evidence = awaitTold(1).getFirst();
        assertThat(evidence.index()).isZero();
        assertThat(evidence.ndjson())
                .contains("of the first")
                .contains("[CRASH] exit=1")
                .doesNotContain("of the second");
    }

    @Test
    void shouldWriteTheWaitAfterTheCrashAndTellOfItOnce() {
        // Given
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);

        // When
        engine.exitAndRestart(container, 1);
        InstanceTransition ending = owner.ends(container, InstanceTransition.Type.CRASHED, 1);
        owner.happens(SomeInstance.of(workload, container)
                .exit(1, false)
                .lived(ending.lifeStartedAt(), ending.at())
                .restarting(ending.at().plusNanos(1), 5, 1600));

        // Then
        awaitMessages("worker started", "[CRASH] exit=1 oom=false", "[BACKOFF] restart 5 in 1.6s");
        assertThat(lines().getLast().path("fields").toString()).isEqualTo("{\"restart\":5,\"delayMs\":1600}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(3));
        awaitTold(1);
    }

    @Test
    void shouldTellAgainWhenOutputComesLaterThanItsEndWaits() {
        // Given: what was written last is read late
        CountDownLatch late = new CountDownLatch(1);
        seen = new SeenEngine(
                engine,
                (log, sink, closed) -> log.read((stderr, at, bytes, offset, length, partial) -> {
                    if (new String(bytes, offset, length, UTF_8).equals("last words")) {
                        late.await();
                    }
                    sink.line(stderr, at, bytes, offset, length, partial);
                }));
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        engine.write(container, "first words");
        engine.write(container, "last words");
        awaitMessages("worker started", "first words");
        engine.exit(container, 3);
        owner.ends(container, InstanceTransition.Type.CRASHED, 3);
        LinesEvidence beginning = awaitTold(1).getFirst();

        // When
        late.countDown();

        // Then
        LinesEvidence all = awaitTold(2).getLast();
        assertThat(beginning.partial()).isTrue();
        assertThat(beginning.ndjson()).contains("first words", "[CRASH] exit=3").doesNotContain("last words");
        assertThat(all.partial()).isNull();
        assertThat(all.through()).isGreaterThan(beginning.through());
        assertThat(all.endedAt()).isEqualTo(beginning.endedAt());
        assertThat(all.ndjson()).contains("first words", "last words", "[CRASH] exit=3");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(2));
    }

    @Test
    void shouldTellTheLinesOfALifeThatCameAndWentUnseen() {
        // Given: the end of the first life is noticed late
        CountDownLatch late = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        seen = new SeenEngine(engine, (log, sink, closed) -> {
            log.read(sink);
            if (first.getAndSet(false)) {
                late.await();
            }
        });
        Owner owner = owner();
        String container = engine.run(FakeBlueprint.named("a"));
        owner.lives(container, 0);
        engine.write(container, "of the first");
        awaitMessages("worker started", "of the first");

        // When
        List<InstanceTransition> happened = new ArrayList<>();
        happened.add(restart(state(container, 0), 1));
        engine.write(container, "of the second");
        happened.add(restart(state(container, 0), 2));
        engine.advance(Duration.ofSeconds(1));
        engine.write(container, "of the third");
        owner.capture.changed(state(container, 0));
        happened.forEach(owner::happens);
        late.countDown();

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told)
                        .anyMatch(evidence ->
                                evidence.endedAt().equals(happened.getLast().at())
                                        && evidence.partial() == null
                                        && evidence.ndjson().contains("of the second")
                                        && !evidence.ndjson().contains("of the third")));
    }

    private List<LinesEvidence> awaitTold(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).hasSize(count));
        return told;
    }
}
