package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import io.spyhop.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class BatchConsumerIT extends BrokerCase {
    private static final RecordKey KEY = new RecordKey("web", "");

    /** Values whose handling went through, in order. */
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @Test
    void shouldDeliverABatchAgainWhenItsHandlerFails() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        publishAll(topic, "a", "b", "c");
        AtomicInteger attempts = new AtomicInteger();

        // When
        try (BatchConsumer consumer = new BatchConsumer(connection, topic, batch -> {
            if (attempts.incrementAndGet() <= 2) {
                throw new IllegalStateException("the database is away");
            }
            batch.forEach(record -> handled.add(text(record)));
        })) {
            consumer.start();
            await().until(() -> handled.size() == 3);
        }

        // Then
        assertThat(handled).containsExactly("a", "b", "c");
        assertThat(attempts).hasValueGreaterThanOrEqualTo(3);
    }

    @Test
    void shouldLeaveAnIdempotentHandlerInTheSameStateWhenEachBatchComesTwice() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        publishAll(topic, "a", "b", "c");
        List<Long> deliveries = new CopyOnWriteArrayList<>();

        // When: the effect of a batch is there, but its commit is not.
        try (BatchConsumer consumer = new BatchConsumer(connection, topic, batch -> {
            boolean first = !deliveries.contains(batch.getLast().offset());
            for (TopicRecord record : batch) {
                deliveries.add(record.offset());
                if (record.offset() >= handled.size()) {
                    handled.add(text(record));
                }
            }
            if (first) {
                throw new IllegalStateException("the connection broke after the commit");
            }
        })) {
            consumer.start();
            await().until(() ->
                    deliveries.stream().filter(offset -> offset == 2).count() == 2);
        }

        // Then
        assertThat(handled).containsExactly("a", "b", "c");
        assertThat(deliveries).containsOnly(0L, 1L, 2L).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void shouldSetOnlyThePoisonAsideWhenOneRecordCanNeverBeHandled() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        publishAll(topic, "a", "poison", "b");
        publisher
                .send(new ProducerRecord<>(topic.name(), 5, null, utf8("without a key")))
                .join();
        publishAll(topic, "c");

        // When
        long poisonCount;
        try (BatchConsumer consumer = new BatchConsumer(connection, topic, this::handleOrRefuse)) {
            consumer.start();
            await().until(() -> handled.contains("c") && consumer.poisonCount() == 2);
            poisonCount = consumer.poisonCount();
        }

        // Then
        assertThat(handled).containsExactly("a", "b", "c");
        assertThat(poisonCount).isEqualTo(2);
        String group = "test-" + topic.name() + "-batch";
        var aside = broker.readAll(Topics.deadLetters(topic, group));
        assertThat(aside).hasSize(2);
        var poison = aside.stream()
                .filter(record -> record.partition() == KEY.partition())
                .findFirst()
                .orElseThrow();
        assertThat(poison.key()).isEqualTo(utf8("web"));
        assertThat(poison.value()).isEqualTo(utf8("poison"));
        assertThat(poison.headers().lastHeader("spyhop-from").value())
                .isEqualTo(utf8(topic.name() + "/" + KEY.partition() + "/1"));
        assertThat(poison.headers().lastHeader("spyhop-reason").value()).isEqualTo(utf8("cannot be"));
    }

    @Test
    void shouldSetALargestRecordAsideWithoutItsValueWhenItsHeadersMakeItTooLarge() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        byte[] large = new byte[1024 * 1024 - 120];
        TestBroker.publishBytes(publisher, topic, KEY, large);
        publishAll(topic, "b");

        // When
        try (BatchConsumer consumer = new BatchConsumer(connection, topic, batch -> {
            for (TopicRecord record : batch) {
                if (Objects.requireNonNull(record.value()).length == large.length) {
                    throw new PoisonException(record, "too much", new IllegalArgumentException());
                }
                handled.add(text(record));
            }
        })) {
            consumer.start();
            await().until(() -> handled.contains("b"));
        }

        // Then
        var aside = broker.readAll(Topics.deadLetters(topic, "test-" + topic.name() + "-batch"));
        assertThat(aside).hasSize(1);
        assertThat(aside.getFirst().value()).isNull();
    }

    @Test
    void shouldGoOnAfterTheCommittedBatchWhenStartedAgain() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        publishAll(topic, "a", "b");
        try (BatchConsumer consumer = new BatchConsumer(connection, topic, this::handleOrRefuse)) {
            consumer.start();
            await().until(() -> handled.size() == 2);
        }
        publishAll(topic, "c");

        // When
        try (BatchConsumer consumer = new BatchConsumer(connection, topic, this::handleOrRefuse)) {
            consumer.start();
            await().until(() -> handled.size() >= 3);
        }

        // Then
        assertThat(handled).containsExactly("a", "b", "c");
    }

    @Test
    void shouldFinishAndCommitTheBatchInHandWhenClosed() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        publishAll(topic, "a");
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        BatchConsumer slow = new BatchConsumer(connection, topic, batch -> {
            inHand.countDown();
            goOn.await();
            batch.forEach(record -> handled.add(text(record)));
        });
        slow.start();
        inHand.await();

        // When
        Thread closing = Thread.ofVirtual().start(slow::close);
        await().during(Duration.ofMillis(200)).until(closing::isAlive);
        goOn.countDown();
        closing.join();
        publishAll(topic, "b");
        try (BatchConsumer next = new BatchConsumer(connection, topic, this::handleOrRefuse)) {
            next.start();
            await().until(() -> handled.contains("b"));
        }

        // Then
        assertThat(handled).containsExactly("a", "b");
    }

    private void handleOrRefuse(List<TopicRecord> batch) {
        for (TopicRecord record : batch) {
            if ("poison".equals(text(record))) {
                throw new PoisonException(record, "cannot be", new IllegalArgumentException());
            }
        }
        batch.forEach(record -> handled.add(text(record)));
    }

    private void publishAll(Topic topic, String... values) {
        for (String value : values) {
            TestBroker.publishBytes(publisher, topic, KEY, utf8(value));
        }
    }

    private static String text(TopicRecord record) {
        return new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
