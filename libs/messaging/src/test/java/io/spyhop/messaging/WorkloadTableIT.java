package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.RecordingListener.Sample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkloadTableIT extends BrokerCase {
    private static final RecordKey WEB = new RecordKey("web", "c1");
    private static final RecordKey WORKER = new RecordKey("worker-1", "c2");

    private final RecordingListener listener = new RecordingListener();
    private Topic topic = Topics.INSTANCES;
    private Topic companion = Topics.INGEST;

    @BeforeEach
    void makeTopics() {
        topic = broker.topic(Cleanup.COMPACT);
        companion = broker.topic(Cleanup.DELETE);
    }

    @Test
    void shouldTellTheNewestValueOfEachLiveKeyWhenItIsLoadedAndThenEachChange() {
        // Given
        publish(WEB, "old");
        publish(WEB, "a");
        publish(WORKER, "gone");
        publish(WORKER, null);

        // When
        try (var table = table("r1", listener)) {
            table.start();
            awaiting().until(table::loaded);
            List<String> atLoading = List.copyOf(listener.events);
            Map<RecordKey, Sample> loaded = table.snapshot();
            publish(WORKER, "b");
            publish(WEB, "c");
            publish(WEB, null);
            publish(WEB, null);
            publish(WORKER, "d");
            awaiting().until(() -> listener.events.contains("changed worker-1|c2=d"));

            // Then
            assertThat(atLoading).containsExactly("changed web|c1=a");
            assertThat(loaded).containsExactly(Map.entry(WEB, new Sample("a")));
            assertThat(listener.events.stream().filter(event -> event.contains("web")))
                    .containsExactly("changed web|c1=a", "changed web|c1=c", "removed web|c1=c");
            assertThat(listener.events.stream().filter(event -> event.contains("worker")))
                    .containsExactly("changed worker-1|c2=b", "changed worker-1|c2=d");
            assertThat(table.snapshot()).containsExactly(Map.entry(WORKER, new Sample("d")));
            assertThat(table.partitions()).hasSize(Topic.PARTITIONS);
        }
    }

    @Test
    void shouldBeLoadedWhenTheTopicIsEmpty() {
        // When
        try (var table = table("r1", listener)) {
            boolean before = table.loaded();
            table.start();
            awaiting().until(table::loaded);

            // Then
            assertThat(before).isFalse();
            assertThat(table.snapshot()).isEmpty();
            assertThat(listener.events).isEmpty();
        }
    }

    @Test
    void shouldSetPoisonAsideAndKeepTheLastGoodValueWhenARecordCannotBeParsed() {
        // Given
        publish(WEB, "a");
        TestBroker.publishBytes(publisher, topic, WEB, utf8("{\"text\":"));
        publisher
                .send(new ProducerRecord<>(topic.name(), 3, new byte[0], utf8("{}")))
                .join();

        // When
        try (var table = table("r1", listener)) {
            table.start();
            awaiting().until(table::loaded);
            publish(WORKER, "b");
            awaiting().until(() -> listener.events.contains("changed worker-1|c2=b"));

            // Then
            assertThat(table.snapshot()).containsOnlyKeys(WEB, WORKER).containsEntry(WEB, new Sample("a"));
            assertThat(table.poisonCount()).isEqualTo(2);
        }
        var aside = broker.readAll(Topics.deadLetters(topic, "test-" + topic.name()));
        assertThat(aside).hasSize(2);
        assertThat(aside.stream().filter(record -> record.partition() == WEB.partition()))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(utf8("{\"text\":")));
    }

    @Test
    void shouldGoOnWhenAListenerFails() {
        // Given
        RecordingListener failing = new RecordingListener() {
            @Override
            public void changed(RecordKey key, Sample value) {
                super.changed(key, value);
                throw new IllegalStateException("a listener's fault");
            }
        };
        publish(WEB, "a");

        // When
        try (var table = table("r1", failing)) {
            table.start();
            awaiting().until(table::loaded);
            publish(WEB, "b");
            awaiting().until(() -> failing.events.size() == 2);

            // Then
            assertThat(failing.events).containsExactly("changed web|c1=a", "changed web|c1=b");
        }
    }

    @Test
    void shouldHoldCompanionsBackWhenTheirPartitionIsNotLoaded() {
        // Given
        List<RecordKey> keys = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            RecordKey key = new RecordKey("w" + i, "");
            keys.add(key);
            publishCompanion(key, "x" + i);
        }
        for (int i = 0; i < 40; i++) {
            publish(keys.get(i), "a" + i);
        }

        // When
        try (var table = tableWithCompanion("r1", listener)) {
            table.start();
            awaiting().until(() -> listener.eventsOf("companion").size() == 40);
        }

        // Then
        for (int i = 0; i < 40; i++) {
            int changed = listener.events.indexOf("changed w" + i + "=a" + i);
            int delivered = listener.events.indexOf("companion w" + i + "=x" + i);
            assertThat(changed).isNotNegative().isLessThan(delivered);
        }
    }

    @Test
    void shouldDeliverCompanionsAgainUntilTheyAreAcknowledgedWhenReplicasComeAndGo() {
        // Given
        for (String text : List.of("p", "q", "r", "s")) {
            publishCompanion(WEB, text);
        }

        // When: q stays unacknowledged.
        try (var table = tableWithCompanion("r1", listener)) {
            table.start();
            awaiting().until(() -> listener.acknowledgements.size() == 4);
            acknowledge(listener, "p", "r");
        }
        RecordingListener second = new RecordingListener();
        try (var table = tableWithCompanion("r2", second)) {
            table.start();
            awaiting().until(() -> second.acknowledgements.size() == 3);
            acknowledge(second, "q", "r", "s", "s");
        }
        publishCompanion(WEB, "t");
        RecordingListener third = new RecordingListener();
        try (var table = tableWithCompanion("r1", third)) {
            table.start();
            awaiting().until(() -> third.acknowledgements.containsKey("t"));
        }

        // Then
        assertThat(listener.events)
                .containsExactly(
                        "companion web|c1=p", "companion web|c1=q", "companion web|c1=r", "companion web|c1=s");
        assertThat(second.events).containsExactly("companion web|c1=q", "companion web|c1=r", "companion web|c1=s");
        assertThat(third.events).containsExactly("companion web|c1=t");
    }

    @Test
    void shouldSetACompanionAsideWhenTheListenerCallsItPoison() {
        // Given
        RecordingListener refusing = new RecordingListener() {
            @Override
            public void companion(TopicRecord record, WorkloadTable.Acknowledgement acknowledgement) {
                super.companion(record, acknowledgement);
                if (events.contains("companion web|c1=poison") && events.size() == 1) {
                    throw new PoisonException(record, "cannot be", new IllegalArgumentException());
                }
                acknowledgement.done();
            }
        };
        publishCompanion(WEB, "poison");
        publishCompanion(WEB, "q");

        // When
        try (var table = tableWithCompanion("r1", refusing)) {
            table.start();
            awaiting().until(() -> refusing.events.size() == 2);
        }
        publishCompanion(WEB, "r");
        try (var table = tableWithCompanion("r1", refusing)) {
            table.start();
            awaiting().until(() -> refusing.events.contains("companion web|c1=r"));
        }

        // Then
        assertThat(refusing.events)
                .containsExactly("companion web|c1=poison", "companion web|c1=q", "companion web|c1=r");
        assertThat(broker.readAll(Topics.deadLetters(companion, "test-" + topic.name())))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(utf8("poison")));
    }

    @Test
    void shouldStopReadingCompanionsWhenTooMuchIsUnacknowledged() {
        // Given
        int all = Limits.UNACKNOWLEDGED_RECORDS_MAX + 10_000;
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < all; i++) {
            last = publisher.publish(companion, WEB, new byte[1], Map.of());
        }
        last.orTimeout(30, TimeUnit.SECONDS).join();
        List<WorkloadTable.Acknowledgement> unacknowledged = new ArrayList<>();
        AtomicInteger delivered = new AtomicInteger();
        RecordingListener hoarding = new RecordingListener() {
            @Override
            public void companion(TopicRecord record, WorkloadTable.Acknowledgement acknowledgement) {
                synchronized (unacknowledged) {
                    unacknowledged.add(acknowledgement);
                }
                delivered.incrementAndGet();
            }
        };

        // When
        try (var table = tableWithCompanion("r1", hoarding)) {
            table.start();
            awaiting().until(() -> delivered.get() > Limits.UNACKNOWLEDGED_RECORDS_MAX);
            await().during(Duration.ofSeconds(1)).until(() -> delivered.get() < all);
            int held = delivered.get();
            synchronized (unacknowledged) {
                unacknowledged.forEach(WorkloadTable.Acknowledgement::done);
            }
            awaiting().until(() -> delivered.get() == all);

            // Then
            assertThat(held).isLessThan(Limits.UNACKNOWLEDGED_RECORDS_MAX + 1_000);
        }
    }

    @Test
    void shouldEndAtOnceWhenItIsClosedWhileTheBrokerKeepsAFetch() {
        // Given
        publish(WEB, "a");
        WorkloadTable<Sample> table = table("r1", listener);
        table.start();
        awaiting().until(table::loaded);

        // When
        long closing = System.nanoTime();
        table.close();
        Duration took = Duration.ofNanos(System.nanoTime() - closing);

        // Then
        assertThat(took).isLessThan(connection.heartbeat().minus(Limits.FETCH_WAIT));
    }

    @Test
    void shouldNotDeadlockWhenItIsClosedByItsListener() {
        // Given
        publish(WEB, "a");
        AtomicReference<WorkloadTable<Sample>> self = new AtomicReference<>();
        RecordingListener closing = new RecordingListener() {
            @Override
            public void changed(RecordKey key, Sample value) {
                super.changed(key, value);
                Objects.requireNonNull(self.get()).close();
            }
        };
        WorkloadTable<Sample> table = table("r1", closing);
        self.set(table);

        // When
        table.start();
        awaiting().until(() -> closing.events.size() == 1);
        table.close();

        // Then
        assertThat(closing.events).containsExactly("changed web|c1=a");
    }

    private WorkloadTable<Sample> table(String replica, RecordingListener to) {
        return new WorkloadTable<>(broker.connection("test", replica), topic, Sample.class, List.of(), to);
    }

    private WorkloadTable<Sample> tableWithCompanion(String replica, RecordingListener to) {
        return new WorkloadTable<>(broker.connection("test", replica), topic, Sample.class, List.of(companion), to);
    }

    private static void acknowledge(RecordingListener listener, String... texts) {
        for (String text : texts) {
            listener.acknowledge(text);
        }
    }

    private void publish(RecordKey key, @Nullable String text) {
        TestBroker.publish(publisher, topic, key, text == null ? null : new Sample(text));
    }

    private void publishCompanion(RecordKey key, String text) {
        TestBroker.publishBytes(publisher, companion, key, utf8(text));
    }

    private static ConditionFactory awaiting() {
        return await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(30));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
