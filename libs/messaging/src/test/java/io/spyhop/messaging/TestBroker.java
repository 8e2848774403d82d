package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import io.spyhop.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A broker on a directory of a test, with topics that no other test uses. */
final class TestBroker implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path directory;
    private EmbeddedBroker broker;

    static {
        // Joining a group on a machine that does other things too.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    }

    TestBroker(Path directory) {
        this.directory = directory;
        this.broker = EmbeddedBroker.start(directory, 0);
    }

    KafkaConnection connection(String service, String replica) {
        return new KafkaConnection(broker.bootstrapServers(), service, replica);
    }

    /** A new topic on the broker. */
    Topic topic(Cleanup cleanup) {
        Topic topic = new Topic(
                "spyhop.test.n" + NUMBER.incrementAndGet() + ".v1", cleanup, Duration.ofDays(1), 64L * 1024 * 1024);
        TopicAdmin.ensure(connection("test", "test"), List.of(topic), Duration.ofSeconds(30));
        return topic;
    }

    void stop() {
        broker.close();
    }

    void startAgain() {
        broker = EmbeddedBroker.start(directory, broker.port());
    }

    /** Publishes and waits until the broker has it. */
    static void publish(TopicPublisher publisher, Topic topic, RecordKey key, @Nullable Object value) {
        publisher.publishJson(topic, key, value).orTimeout(30, TimeUnit.SECONDS).join();
    }

    static void publishBytes(TopicPublisher publisher, Topic topic, RecordKey key, byte @Nullable [] value) {
        publisher
                .publish(topic, key, value, Map.of())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** The replicas that are in the group of a service's table of a topic. */
    Set<String> members(String service, Topic topic) {
        KafkaConnection connection = connection(service, "test");
        String group = ClientConfig.tableGroup(connection, topic);
        try (Admin admin = Admin.create(ClientConfig.admin(connection))) {
            return admin
                    .describeConsumerGroups(List.of(group))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join()
                    .values()
                    .stream()
                    .flatMap(description -> description.members().stream())
                    .map(member -> member.groupInstanceId().orElseThrow().substring(group.length() + 1))
                    .collect(Collectors.toSet());
        }
    }

    /** Everything on a topic. */
    List<ConsumerRecord<byte[], byte[]>> readAll(Topic topic) {
        List<TopicPartition> partitions = IntStream.range(0, Topic.PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(ClientConfig.tail(connection("test", "r")))) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(50)).forEach(all::add);
            }
            return all;
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
