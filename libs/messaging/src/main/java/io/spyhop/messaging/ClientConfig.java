package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The settings of every Kafka client of this module. */
final class ClientConfig {
    private ClientConfig() {}

    static Map<String, Object> admin(KafkaConnection connection) {
        Map<String, Object> config = common(connection);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(Limits.REQUEST) / 2);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(Limits.REQUEST) / 2);
        return config;
    }

    static Map<String, Object> producer(KafkaConnection connection, Duration linger) {
        Map<String, Object> config = common(connection);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, linger.toMillis());
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, Limits.PUBLISHED_TOGETHER_BYTES);
        // What is large is compressed already, once, where it was made.
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Limits.PUBLISHER_BUFFER_BYTES);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Limits.PUBLISH_BLOCK.toMillis());
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Limits.RECORD_BYTES_MAX);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(Limits.REQUEST));
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(Limits.DELIVERY));
        // A topic that was seen once stays known: a publish to it never blocks for a lookup again.
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(1).toMillis());
        // Nor is it forgotten while no broker answers: records wait then, where a new bootstrap would refuse them.
        config.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        return config;
    }

    /** A consumer that chooses its partitions by itself and begins at their ends. */
    static Map<String, Object> tail(KafkaConnection connection) {
        Map<String, Object> config = consumer(connection);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return config;
    }

    /** A consumer for one question about the past. */
    static Map<String, Object> history(KafkaConnection connection) {
        Map<String, Object> config = consumer(connection);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(Limits.HISTORY));
        return config;
    }

    /** A member of a group; static, so that a restart within the session moves nothing. */
    static Map<String, Object> member(KafkaConnection connection, String group) {
        Map<String, Object> config = consumer(connection);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group + "-" + connection.replica());
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // It gives a member the same partition numbers of every topic: companions come to the owner of the table.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(connection.session()));
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(connection.heartbeat()));
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, millis(Limits.POLL_INTERVAL_MAX));
        // Their partitions change seldom, and each return costs both sides.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, millis(connection.heartbeat()));
        config.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, connection.retry().toMillis());
        return config;
    }

    /** A member that now and then holds some of its partitions back. */
    static Map<String, Object> holdingMember(KafkaConnection connection, String group) {
        Map<String, Object> config = member(connection, group);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, millis(Limits.FETCH_WAIT_HOLDING));
        return config;
    }

    /** The group of a service's table of a topic. One group a topic: a service may have several tables. */
    static String tableGroup(KafkaConnection connection, Topic topic) {
        return connection.service() + "-" + topic.name();
    }

    /** The group of a service's batch consumer of a topic: another than its table's of the same topic. */
    static String batchGroup(KafkaConnection connection, Topic topic) {
        return connection.service() + "-" + topic.name() + "-batch";
    }

    private static Map<String, Object> consumer(KafkaConnection connection) {
        Map<String, Object> config = common(connection);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, millis(Limits.FETCH_WAIT));
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Limits.FETCH_BYTES_MAX);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Limits.PARTITION_FETCH_BYTES_MAX);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(Limits.REQUEST));
        return config;
    }

    private static Map<String, Object> common(KafkaConnection connection) {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrapServers());
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 50);
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        // Spyhop has metrics of its own; a reporter a client costs memory and clashes where services share a process.
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return config;
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
