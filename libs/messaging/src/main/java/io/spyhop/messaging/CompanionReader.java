package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When companion partitions are read, and how far they are committed. They are held back while their share loads, and
 * all of them while too much is unacknowledged. Used by the table's thread only.
 */
final class CompanionReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(CompanionReader.class);

    private final List<Topic> topics;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long committedAt = System.nanoTime();
    private boolean held;

    CompanionReader(List<Topic> topics) {
        this.topics = topics;
    }

    List<Topic> topics() {
        return topics;
    }

    /** Whether too much is unacknowledged for more to be read. */
    boolean held() {
        return held;
    }

    /** After an assignment: goes on where a kept share was, and holds back what is still loading. */
    void assigned(Consumer<byte[], byte[]> consumer, Collection<? extends Share<?>> shares) {
        // What another owner committed meanwhile is not known here.
        committed.clear();
        for (Share<?> share : shares) {
            share.companions.forEach((topic, offsets) -> {
                TopicPartition partition = new TopicPartition(topic, share.partition);
                if (offsets.next() != Share.UNKNOWN && consumer.assignment().contains(partition)) {
                    consumer.seek(partition, offsets.next());
                }
            });
            if (held || !share.loaded) {
                consumer.pause(partitionsOf(consumer, share));
            }
        }
    }

    /** A share was loaded: its companions may be read. */
    void loaded(Consumer<byte[], byte[]> consumer, Share<?> share) {
        if (!held) {
            consumer.resume(partitionsOf(consumer, share));
        }
    }

    /** Pauses while too much is unacknowledged, and goes on when half of it was freed. */
    void regulate(Consumer<byte[], byte[]> consumer, Collection<? extends Share<?>> shares) {
        long bytes = 0;
        int records = 0;
        for (Share<?> share : shares) {
            for (OutstandingOffsets offsets : share.companions.values()) {
                OutstandingOffsets.Weight weight = offsets.outstanding();
                bytes += weight.bytes();
                records += weight.records();
            }
        }
        if (!held && (bytes > Limits.UNACKNOWLEDGED_BYTES_MAX || records > Limits.UNACKNOWLEDGED_RECORDS_MAX)) {
            held = true;
            shares.forEach(share -> consumer.pause(partitionsOf(consumer, share)));
        } else if (held
                && bytes < Limits.UNACKNOWLEDGED_BYTES_MAX / 2
                && records < Limits.UNACKNOWLEDGED_RECORDS_MAX / 2) {
            held = false;
            shares.stream().filter(share -> share.loaded).forEach(share -> loaded(consumer, share));
        }
    }

    /** Commits now and then what was acknowledged, without waiting. */
    void commitWhenDue(Consumer<byte[], byte[]> consumer, Collection<? extends Share<?>> shares) {
        long now = System.nanoTime();
        if (topics.isEmpty() || now - committedAt < Limits.COMMIT_EVERY.toNanos()) {
            return;
        }
        committedAt = now;
        Map<TopicPartition, OffsetAndMetadata> due = due(consumer, shares);
        if (!due.isEmpty()) {
            consumer.commitAsync(due, (offsets, e) -> {
                if (e == null) {
                    remember(offsets);
                }
            });
        }
    }

    /** Commits what was acknowledged, before others read on from there; what fails is delivered again. */
    void commitNow(Consumer<byte[], byte[]> consumer, Collection<? extends Share<?>> shares, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> due = due(consumer, shares);
        if (due.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(due, timeout);
            remember(due);
        } catch (KafkaException e) {
            LOGGER.atDebug().setCause(e).log("Could not commit companion records; some come again.");
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> due(
            Consumer<byte[], byte[]> consumer, Collection<? extends Share<?>> shares) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (Share<?> share : shares) {
            share.companions.forEach((topic, offsets) -> {
                TopicPartition partition = new TopicPartition(topic, share.partition);
                Long offset = offsets.committable();
                if (offset != Share.UNKNOWN
                        && !offset.equals(committed.get(partition))
                        && consumer.assignment().contains(partition)) {
                    due.put(partition, new OffsetAndMetadata(offset));
                }
            });
        }
        return due;
    }

    private void remember(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
    }

    /** A companion topic that was created late may not be assigned yet. */
    private List<TopicPartition> partitionsOf(Consumer<byte[], byte[]> consumer, Share<?> share) {
        List<TopicPartition> partitions = new ArrayList<>(topics.size());
        for (Topic topic : topics) {
            TopicPartition partition = new TopicPartition(topic.name(), share.partition);
            if (consumer.assignment().contains(partition)) {
                partitions.add(partition);
            }
        }
        return partitions;
    }
}
