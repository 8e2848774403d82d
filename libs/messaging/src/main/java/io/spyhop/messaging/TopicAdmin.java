package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics as they are declared. Stateless. */
public final class TopicAdmin {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicAdmin.class);

    private static final int MIB = 1024 * 1024;

    private static final Duration WAIT_TOLD_EACH = Duration.ofMinutes(1);

    private TopicAdmin() {}

    /**
     * Begins in the background what needs the topics, once a broker answers and all of them are as declared.
     *
     * @param begin what begins
     * @param refused run where a topic is not as declared and cannot be made so; the log tells why
     */
    public static void whenEnsured(KafkaConnection connection, Runnable begin, Runnable refused) {
        Thread.ofVirtual().name("topics-" + connection.service()).start(() -> {
            try {
                ensureAll(connection);
                begin.run();
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("Nothing begins: the topics are not as declared.");
                refused.run();
            }
        });
    }

    /**
     * As {@link #ensure} for every topic, but waits for a broker for as long as it takes, and says so.
     *
     * @throws IllegalStateException when a topic is not as declared and cannot be made so, or the thread was interrupted
     */
    public static void ensureAll(KafkaConnection connection) {
        while (true) {
            try {
                ensure(connection, Topics.ALL, WAIT_TOLD_EACH);
                return;
            } catch (NoBrokerException e) {
                LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("Still waiting for a broker.");
            }
        }
    }

    /**
     * Creates the topics that are missing, and adapts cleanup and retention of those that are there. Waits for a broker
     * that is not there yet.
     *
     * @throws IllegalStateException when a topic has another number of partitions than {@link Topic#PARTITIONS}, or no
     *     broker answered in time
     */
    public static void ensure(KafkaConnection connection, Collection<Topic> topics, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        Backoff backoff = new Backoff();
        Throwable last = null;
        do {
            // Opening fails where the broker's name does not resolve yet, so it is part of what is tried again.
            try (Admin admin = Admin.create(ClientConfig.admin(connection))) {
                ensure(admin, topics);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the broker", e);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException)) {
                    throw new IllegalStateException("the broker refused to prepare the topics", e.getCause());
                }
                last = e.getCause();
            } catch (KafkaException e) {
                last = e;
            }
        } while (pauseBefore(deadline, backoff));
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted while waiting for the broker", last);
        }
        throw new NoBrokerException("no broker answered in time at " + connection.bootstrapServers(), last);
    }

    /** The settings of a topic that follow from its declaration. */
    static Map<String, String> configOf(Topic topic) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, topic.cleanup().policy());
        config.put(
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(topic.retention().toMillis()));
        config.put(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(topic.retentionBytes()));
        // Retention and compaction work on whole closed segments: with the broker's 1 GiB neither would ever begin.
        long quarter = topic.retentionBytes() / 4;
        config.put(TopicConfig.SEGMENT_BYTES_CONFIG, Long.toString(Math.clamp(quarter, 4L * MIB, 16L * MIB)));
        if (topic.cleanup() != Topic.Cleanup.DELETE) {
            // What was written a while ago is compacted, so that rebuilding a table reads little more than its keys.
            config.put(
                    TopicConfig.SEGMENT_MS_CONFIG,
                    Long.toString(Duration.ofHours(1).toMillis()));
            config.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2");
        }
        return config;
    }

    private static boolean pauseBefore(long deadline, Backoff backoff) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, backoff.next().toNanos()));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void ensure(Admin admin, Collection<Topic> topics) throws InterruptedException, ExecutionException {
        create(admin, topics);
        List<String> names = topics.stream().map(Topic::name).toList();
        Map<String, TopicDescription> described =
                admin.describeTopics(names).allTopicNames().get();
        List<String> refused = described.values().stream()
                .filter(topic -> topic.partitions().size() != Topic.PARTITIONS)
                .map(topic -> topic.name() + " has " + topic.partitions().size() + " partitions")
                .sorted()
                .toList();
        if (!refused.isEmpty()) {
            throw new IllegalStateException("every topic has " + Topic.PARTITIONS
                    + " partitions, because the place of a workload never moves; but " + String.join(", ", refused));
        }
        adapt(admin, topics);
    }

    private static void create(Admin admin, Collection<Topic> topics) throws InterruptedException, ExecutionException {
        var there = admin.listTopics().names().get();
        List<NewTopic> missing = topics.stream()
                .filter(topic -> !there.contains(topic.name()))
                .map(topic -> new NewTopic(topic.name(), Optional.of(Topic.PARTITIONS), Optional.empty())
                        .configs(configOf(topic)))
                .toList();
        Map<String, KafkaFuture<Void>> created = admin.createTopics(missing).values();
        for (Map.Entry<String, KafkaFuture<Void>> topic : created.entrySet()) {
            try {
                topic.getValue().get();
                LOGGER.atInfo().addKeyValue("topic", topic.getKey()).log("Created a topic.");
            } catch (ExecutionException e) {
                // Another service or replica that starts now was faster.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static void adapt(Admin admin, Collection<Topic> topics) throws InterruptedException, ExecutionException {
        Map<ConfigResource, Topic> byResource = topics.stream()
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic -> topic));
        Map<ConfigResource, Config> found =
                admin.describeConfigs(byResource.keySet()).all().get();
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        byResource.forEach((resource, topic) -> {
            Collection<AlterConfigOp> ops = differences(configOf(topic), found.get(resource));
            if (!ops.isEmpty()) {
                LOGGER.atInfo().addKeyValue("topic", topic.name()).log("Adapting a topic to its declaration.");
                changes.put(resource, ops);
            }
        });
        if (!changes.isEmpty()) {
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    private static Collection<AlterConfigOp> differences(Map<String, String> wanted, @Nullable Config found) {
        Collection<AlterConfigOp> ops = new ArrayList<>();
        wanted.forEach((name, value) -> {
            ConfigEntry entry = found == null ? null : found.get(name);
            if (entry == null || !value.equals(entry.value())) {
                ops.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
            }
        });
        return ops;
    }

    private static final class NoBrokerException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        NoBrokerException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
