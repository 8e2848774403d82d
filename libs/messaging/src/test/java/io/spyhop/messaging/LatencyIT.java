package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a record takes from a publisher to a listener, at 100 records a second. */
class LatencyIT extends BrokerCase {
    private static final Logger LOGGER = LoggerFactory.getLogger(LatencyIT.class);
    private static final int RECORDS = 400;
    private static final int WARM_UP = 150;

    record Stamp(long nanos) {}

    private final ConcurrentLinkedQueue<Long> byTable = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> byTail = new ConcurrentLinkedQueue<>();

    @Test
    void shouldReachAListenerOfATableAndAHandlerOfATailWithinMilliseconds() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.COMPACT);
        WorkloadTable.Listener<Stamp> listener = new WorkloadTable.Listener<>() {
            @Override
            public void changed(RecordKey key, Stamp value) {
                byTable.add(System.nanoTime() - value.nanos());
            }

            @Override
            public void removed(RecordKey key, Stamp last) {}

            @Override
            public void lost(int partition) {}
        };
        try (var table = new WorkloadTable<>(connection, topic, Stamp.class, List.of(), listener);
                TopicTail tail = new TopicTail(
                        connection,
                        topic,
                        record -> byTail.add(System.nanoTime() - stampOf(record).nanos()))) {
            List<CompletableFuture<Void>> watched =
                    IntStream.range(0, Topic.PARTITIONS).mapToObj(tail::watch).toList();
            for (CompletableFuture<Void> each : watched) {
                each.get(30, TimeUnit.SECONDS);
            }
            table.start();
            await().until(table::loaded);

            // When
            publishAtRate(topic);
        }

        // Then
        assertLatencies("table", byTable);
        assertLatencies("tail", byTail);
    }

    private void publishAtRate(Topic topic) {
        AtomicInteger sent = new AtomicInteger();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var _ = clock.scheduleAtFixedRate(
                    () -> {
                        int number = sent.getAndIncrement();
                        if (number < WARM_UP + RECORDS) {
                            var future = publisher.publishJson(
                                    topic, new RecordKey("w" + number % 100, ""), new Stamp(System.nanoTime()));
                            assertThat(future).isNotNull();
                        }
                    },
                    0,
                    10,
                    TimeUnit.MILLISECONDS);
            for (ConcurrentLinkedQueue<Long> latencies : List.of(byTable, byTail)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> latencies.size() == WARM_UP + RECORDS);
            }
            clock.shutdownNow();
        }
    }

    private static void assertLatencies(String reader, ConcurrentLinkedQueue<Long> latencies) {
        long[] sorted =
                latencies.stream().skip(WARM_UP).mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        long p50 = sorted[sorted.length / 2] / 1_000;
        long p99 = sorted[sorted.length * 99 / 100] / 1_000;
        LOGGER.atInfo()
                .addKeyValue("count", sorted.length)
                .log("MEASURED us: publish to " + reader + ", p50 " + p50 + ", p99 " + p99 + ".");
        // Generous, because other builds may share the machine: it finds a poll that waits out its half a second.
        assertThat(p50).isLessThan(200_000);
        assertThat(p99).isLessThan(1_000_000);
    }

    private static Stamp stampOf(TopicRecord record) {
        try {
            byte[] value = record.value();
            return Json.read(value == null ? new byte[0] : value, Stamp.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
