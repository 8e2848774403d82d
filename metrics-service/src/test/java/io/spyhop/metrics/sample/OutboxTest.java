package io.spyhop.metrics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.UsageEvidence;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final List<Object> taken = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> unanswered = new CopyOnWriteArrayList<>();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private volatile boolean away;
    private volatile @Nullable Object unwritable;
    private volatile boolean silent;
    private Outbox outbox = outbox(1000);

    @AfterEach
    void close() throws InterruptedException {
        silent = false;
        away = false;
        unanswered.forEach(future -> future.complete(null));
        outbox.close();
    }

    @Test
    void shouldLoseNothingWhenTheBrokerIsAwayForAWhile() {
        away = true;
        List<Sample> samples =
                IntStream.range(0, 500).mapToObj(OutboxTest::sample).toList();
        outbox.offer(samples);
        await().until(() -> registry.counter("spyhop_metrics_publishes_failed").count() > 0);

        away = false;

        await().until(() -> outbox.waiting() == 0);
        assertThat(taken).containsExactlyInAnyOrderElementsOf(samples);
        assertThat(registry.counter("spyhop_metrics_samples_dropped").count()).isZero();
    }

    @Test
    void shouldLoseNothingWhenTheBrokerFailsWhatItTook() {
        silent = true;
        List<Sample> samples =
                IntStream.range(0, 50).mapToObj(OutboxTest::sample).toList();
        outbox.offer(samples);
        await().until(() -> unanswered.size() == 50);

        silent = false;
        unanswered.forEach(future -> future.completeExceptionally(new IllegalStateException("30 s are over")));

        await().until(() -> outbox.waiting() == 0);
        assertThat(taken).containsExactlyInAnyOrderElementsOf(samples);
    }

    @Test
    void shouldGiveUpTheOldestWhenTooMuchWaits() throws InterruptedException {
        outbox.close();
        outbox = outbox(100);
        away = true;
        List<Sample> samples =
                IntStream.range(0, 150).mapToObj(OutboxTest::sample).toList();
        outbox.offer(samples);

        away = false;

        await().until(() -> outbox.waiting() == 0);
        assertThat(taken).containsAll(samples.subList(60, 150)).hasSizeLessThanOrEqualTo(101);
        assertThat(registry.counter("spyhop_metrics_samples_dropped").count()).isBetween(49.0, 50.0);
    }

    @Test
    void shouldGoOnWhenARecordCannotBeWritten() {
        unwritable = sample(1);
        outbox.offer(List.of(sample(1), sample(2)));

        await().until(() -> outbox.waiting() == 0);
        assertThat(taken).containsExactly(sample(2));
        assertThat(registry.counter("spyhop_metrics_samples_dropped").count()).isEqualTo(1);
    }

    @Test
    void shouldSendWhatWaitsBeforeItCloses() throws InterruptedException {
        UsageEvidence evidence = new UsageEvidence(
                UsageEvidence.TYPE, new WorkloadId("w"), "local", "c", 0, null, Instant.EPOCH, null, List.of());
        outbox.offer(evidence);
        outbox.offer(List.of(sample(1)));

        outbox.close();

        assertThat(taken).containsExactly(evidence, sample(1));
    }

    private Outbox outbox(int max) {
        Outbox created = new Outbox(this::send, new SampleMetrics(registry), max);
        created.start();
        return created;
    }

    private CompletableFuture<Void> send(Topic topic, RecordKey key, Object value) {
        assertThat(topic).isEqualTo(value instanceof Sample ? Topics.SAMPLES : Topics.EVIDENCE);
        assertThat(key).isEqualTo(RecordKey.of(new WorkloadId("w"), "c"));
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
        }
        if (value.equals(unwritable)) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("not JSON"));
        }
        if (silent) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            unanswered.add(future);
            return future;
        }
        taken.add(value);
        return CompletableFuture.completedFuture(null);
    }

    private static Sample sample(int number) {
        return new Sample(
                new WorkloadId("w"),
                "acme",
                null,
                "local",
                "c",
                0,
                Instant.ofEpochSecond(number),
                1,
                Usages.of(null, new Reading(TestCounters.counters(number, 0, 0, 0), Instant.ofEpochSecond(number))));
    }
}
