package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.FileRecords;
import org.junit.jupiter.api.Test;

class TopicPublisherIT extends BrokerCase {
    record Sample(String name) {}

    @Test
    void shouldWriteKeyValueAndHeadersToThePartitionOfTheKey() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        RecordKey key = new RecordKey("web", "c1");

        // When
        publisher.publish(topic, key, utf8("bytes"), Map.of("h", utf8("x"))).get(10, TimeUnit.SECONDS);
        publisher.publishJson(topic, key, new Sample("a")).get(10, TimeUnit.SECONDS);
        publisher.publishJson(topic, key, null).get(10, TimeUnit.SECONDS);

        // Then
        var records = broker.readAll(topic);
        assertThat(records).hasSize(3).allSatisfy(record -> {
            assertThat(record.partition()).isEqualTo(key.partition());
            assertThat(record.key()).isEqualTo(utf8("web|c1"));
        });
        assertThat(records.get(0).value()).isEqualTo(utf8("bytes"));
        assertThat(records.get(0).headers().lastHeader("h").value()).isEqualTo(utf8("x"));
        assertThat(records.get(1).value()).isEqualTo(utf8("{\"name\":\"a\"}"));
        assertThat(records.get(2).value()).isNull();
    }

    @Test
    void shouldSendInOneRequestWhatComesTogetherWhenRecordsMayWait() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        RecordKey key = new RecordKey("web", "c1");
        List<CompletableFuture<Void>> futures = new ArrayList<>();

        // When
        try (TopicPublisher patient = new TopicPublisher(broker.connection("test", "r2"), Duration.ofSeconds(1))) {
            for (int i = 0; i < 50; i++) {
                futures.add(patient.publishJson(topic, key, new Sample("s" + i)));
            }
            futures.forEach(future -> future.orTimeout(10, TimeUnit.SECONDS).join());
        }

        // Then: the broker keeps batches as they came
        assertThat(broker.readAll(topic)).hasSize(50);
        Path log = directory.resolve("data/" + topic.name() + "-" + key.partition() + "/00000000000000000000.log");
        try (FileRecords records = FileRecords.open(log.toFile(), false)) {
            assertThat(records.batches()).hasSize(1);
        }
    }

    @Test
    void shouldFailTheFutureAndTakeTheNextWhenARecordIsTooLarge() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        RecordKey key = new RecordKey("web", "");

        // When
        CompletableFuture<Void> large = publisher.publish(topic, key, new byte[2 * 1024 * 1024], Map.of());
        publisher.publish(topic, key, utf8("small"), Map.of()).get(10, TimeUnit.SECONDS);

        // Then
        assertThat(large).isCompletedExceptionally();
        assertThatThrownBy(large::join).hasCauseInstanceOf(RecordTooLargeException.class);
        assertThat(broker.readAll(topic)).hasSize(1);
    }

    @Test
    void shouldKeepWhatFitsAndFailTheRestWithoutBlockingWhenTheBrokerIsAway() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        RecordKey key = new RecordKey("web", "");
        publisher.publish(topic, key, utf8("first"), Map.of()).get(10, TimeUnit.SECONDS);
        broker.stop();

        // When
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        long slowest = 0;
        for (int i = 0; i < 80; i++) {
            long before = System.nanoTime();
            futures.add(publisher.publish(topic, key, new byte[512 * 1024], Map.of()));
            slowest = Math.max(slowest, System.nanoTime() - before);
        }
        long refused = futures.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .count();
        broker.startAgain();
        long stored = futures.stream()
                .filter(future -> future.handle((done, e) -> e == null)
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join())
                .count();

        // Then
        assertThat(refused).as("beyond 32 MiB").isBetween(10L, 30L);
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofMillis(500));
        assertThat(stored).isEqualTo(80 - refused);
        assertThat(broker.readAll(topic)).hasSize((int) stored + 1);
    }

    @Test
    void shouldFailSoonWhenNoBrokerWasEverThere() {
        // Given
        try (TopicPublisher nowhere = new TopicPublisher(new KafkaConnection("127.0.0.1:1", "test", "r1"))) {
            Topic topic = new Topic("spyhop.test.nowhere.v1", Cleanup.DELETE, Duration.ofHours(1), 1024);

            // When
            CompletableFuture<Void> future = nowhere.publish(topic, new RecordKey("web", ""), null, Map.of());

            // Then
            assertThat(future).isCompletedExceptionally();
        }
    }

    @Test
    void shouldFailWhenClosed() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        publisher.close();

        // When
        CompletableFuture<Void> future = publisher.publish(topic, new RecordKey("web", ""), null, Map.of());

        // Then
        assertThat(future).isCompletedExceptionally();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
