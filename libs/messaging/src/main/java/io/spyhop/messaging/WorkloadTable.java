package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shares the keys of a compacted topic among the replicas of a service, and keeps the current value of each key that
 * this replica owns. The replicas form one consumer group (classic protocol, range assignor, static membership); a
 * replica owns the partitions that it is assigned, reads them from the start to rebuild the table, then follows.
 *
 * <p>Phases of a partition: assigned, loading (no callbacks), then one {@code changed} for each live key, then a
 * callback for each record. A revocation stops nothing; what a new assignment does not bring back is {@code lost}. While
 * the broker is away everything goes on: whoever writes under an ownership is fenced elsewhere.
 *
 * <p>Callbacks run one at a time on the table's own thread and must not block. A record that cannot be parsed goes to
 * the dead-letter topic. Thread-safe.
 *
 * @param <V> the type of the values, read from JSON
 */
public final class WorkloadTable<V> implements AutoCloseable {
    /** What a replica does about its share. */
    public interface Listener<V> {
        /** A key appeared, or its value changed (or is repeated: callbacks are idempotent). */
        void changed(RecordKey key, V value);

        /** A key is gone: its record is a tombstone. */
        void removed(RecordKey key, V last);

        /** This replica no longer owns the partition; all its keys stop being watched here. */
        void lost(int partition);

        /**
         * A record of a companion topic, after the partition was loaded. {@link Acknowledgement#done} must be called
         * once it has taken effect durably: it is delivered again, to whoever owns the partition then, until it is.
         */
        default void companion(TopicRecord record, Acknowledgement acknowledgement) {
            acknowledgement.done();
        }
    }

    /** Tells that a companion record has taken effect. Idempotent, thread-safe. */
    @FunctionalInterface
    public interface Acknowledgement {
        void done();
    }

    /**
     * Prepares a table; nothing is read before {@link #start}.
     *
     * @param topic compacted; its values are JSON of {@code type}
     * @param companions other topics with the same partitioning that are read by the owner of a partition, from the
     *     first record that was not acknowledged
     */
    public WorkloadTable(
            KafkaConnection connection, Topic topic, Class<V> type, List<Topic> companions, Listener<V> listener) {}

    /** Joins the group and begins to read, on a thread of its own. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** Whether every partition of the current assignment is loaded; false before the first assignment. */
    public boolean loaded() {
        throw new UnsupportedOperationException();
    }

    /** The partitions that this replica owns. */
    public Set<Integer> partitions() {
        throw new UnsupportedOperationException();
    }

    /** The current values of the keys that this replica owns; a copy. */
    public Map<RecordKey, V> snapshot() {
        throw new UnsupportedOperationException();
    }

    /** Leaves the group, so that others take over at once, and stops. No callback follows. */
    @Override
    public void close() {}
}
