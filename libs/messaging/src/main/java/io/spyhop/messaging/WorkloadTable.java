package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * the dead-letter topic. The trace of a record is current in its callback. Thread-safe.
 *
 * @param <V> the type of the values, read from JSON
 */
public final class WorkloadTable<V> implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(WorkloadTable.class);

    private final Topic topic;
    private final Class<V> type;
    private final Listener<V> listener;
    private final CompanionReader companions;
    private final Duration poll;
    private final DeadLetters deadLetters;
    private final PollLoop loop;
    /** By partition; changed by the table's thread only. */
    private final Map<Integer, Share<V>> shares = new ConcurrentHashMap<>();

    private volatile boolean assigned;

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
         * once it has taken effect durably: it is delivered again, to whoever owns the partition then, until it is. One
         * for which this throws {@link PoisonException} is set aside; one for which it throws anything else stays
         * unacknowledged. While 32 MiB or 50,000 records are unacknowledged no more are read.
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
            KafkaConnection connection, Topic topic, Class<V> type, List<Topic> companions, Listener<V> listener) {
        this.topic = topic;
        this.type = type;
        this.listener = listener;
        this.companions = new CompanionReader(List.copyOf(companions));
        String group = ClientConfig.tableGroup(connection, topic);
        this.deadLetters = new DeadLetters(connection, group);
        // Companions are held back while their share loads, and committed when what they said was done.
        boolean holding = !companions.isEmpty();
        this.poll = holding ? Limits.POLL : connection.poll();
        Map<String, Object> config =
                holding ? ClientConfig.holdingMember(connection, group) : ClientConfig.member(connection, group);
        this.loop = new PollLoop(group, topic.name(), () -> new KafkaConsumer<>(config), this::follow);
    }

    /** Joins the group and begins to read, on a thread of its own. */
    public void start() {
        loop.start();
    }

    /** Whether every partition of the current assignment is loaded; false before the first assignment. */
    public boolean loaded() {
        return assigned && shares.values().stream().allMatch(share -> share.loaded);
    }

    /** The partitions that this replica owns. */
    public Set<Integer> partitions() {
        return new TreeSet<>(shares.keySet());
    }

    /** The current values of the keys that this replica owns; a copy. Keys appear when their partition is loaded. */
    public Map<RecordKey, V> snapshot() {
        Map<RecordKey, V> all = new HashMap<>();
        shares.values().stream().filter(share -> share.loaded).forEach(share -> all.putAll(share.values));
        return all;
    }

    /** How many workloads those keys are of. */
    public long workloadCount() {
        return snapshot().keySet().stream().map(RecordKey::owner).distinct().count();
    }

    /** How many records were set aside since the start. */
    public long poisonCount() {
        return deadLetters.count();
    }

    /** Leaves the group, so that others take over at once, and stops. No callback follows. */
    @Override
    public void close() {
        loop.close();
        deadLetters.close();
    }

    private void follow(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        List<String> names = new ArrayList<>(List.of(topic.name()));
        companions.topics().forEach(companion -> names.add(companion.name()));
        consumer.subscribe(names, new Rebalance(consumer));
        try {
            while (loop.running()) {
                boolean soon = companions.held() || shares.values().stream().anyMatch(share -> !share.loaded);
                apply(consumer.poll(soon ? Limits.POLL_SOON : poll));
                finishLoading(consumer);
                companions.regulate(consumer, shares.values());
                companions.commitWhenDue(consumer, shares.values());
                loop.worked();
            }
        } catch (FencedInstanceIdException e) {
            // Another process has this replica's name and with it the share. Two of one name would take turns: slowly.
            loseAllBut(Set.of());
            assigned = false;
            loop.pause(Limits.RETRY_MAX);
            throw e;
        } finally {
            companions.commitNow(consumer, shares.values(), Limits.COMMIT);
        }
    }

    /** A rebalance revokes everything and then assigns: only what does not come back is lost. */
    private final class Rebalance implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        Rebalance(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            if (loop.running()) {
                companions.commitNow(consumer, shares.values(), Limits.COMMIT);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            // The group went on without this replica. Whoever owns a partition now is protected by fences elsewhere;
            // the
            // next assignment says what to stop.
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            if (loop.running()) {
                assigned(consumer);
            }
        }
    }

    private void assigned(Consumer<byte[], byte[]> consumer) {
        Set<Integer> now = new HashSet<>();
        for (TopicPartition each : consumer.assignment()) {
            if (each.topic().equals(topic.name())) {
                now.add(each.partition());
            }
        }
        loseAllBut(now);
        List<TopicPartition> fresh = new ArrayList<>();
        for (int partition : now) {
            Share<V> share = shares.computeIfAbsent(partition, number -> new Share<>(number, companions.topics()));
            if (share.next == Share.UNKNOWN) {
                fresh.add(partition(share));
            } else {
                consumer.seek(partition(share), share.next);
            }
        }
        if (!fresh.isEmpty()) {
            consumer.seekToBeginning(fresh);
        }
        companions.assigned(consumer, shares.values());
        // Before the first request for records, behind which it would wait at the broker.
        lookUpEnds(consumer, loading());
        assigned = true;
        LOGGER.atInfo()
                .addKeyValue("topic", topic.name())
                .addKeyValue("count", now.size())
                .log("Owning partitions.");
    }

    private void loseAllBut(Set<Integer> kept) {
        for (int partition : partitions()) {
            if (!kept.contains(partition)) {
                // First forgotten, then told: a listener that asks the table sees it without them.
                shares.remove(partition);
                call(null, null, () -> listener.lost(partition));
            }
        }
    }

    private void apply(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        // The table first: companion records are about what stands in it.
        for (ConsumerRecord<byte[], byte[]> raw : records.records(topic.name())) {
            Share<V> share = shares.get(raw.partition());
            if (share != null && loop.running()) {
                apply(share, raw);
                share.next = raw.offset() + 1;
            }
        }
        for (Topic companion : companions.topics()) {
            for (ConsumerRecord<byte[], byte[]> raw : records.records(companion.name())) {
                Share<V> share = shares.get(raw.partition());
                if (share != null && loop.running()) {
                    deliver(share, companion, raw);
                }
            }
        }
    }

    private void apply(Share<V> share, ConsumerRecord<byte[], byte[]> raw) throws InterruptedException {
        RecordKey key;
        @Nullable V value;
        try {
            key = Records.keyOf(raw);
            value = raw.value() == null ? null : Json.read(raw.value(), type);
        } catch (Records.UnreadableException | IOException e) {
            // The key keeps the last value that could be read.
            setAside(topic, raw, e);
            return;
        }
        if (value != null) {
            share.values.put(key, value);
            if (share.loaded) {
                call(key, Traces.read(Records.headersOf(raw)), () -> listener.changed(key, value));
            }
            return;
        }
        V last = share.values.remove(key);
        if (last != null && share.loaded) {
            call(key, Traces.read(Records.headersOf(raw)), () -> listener.removed(key, last));
        }
    }

    private void deliver(Share<V> share, Topic companion, ConsumerRecord<byte[], byte[]> raw)
            throws InterruptedException {
        OutstandingOffsets offsets = share.companions.get(companion.name());
        if (offsets == null) {
            return;
        }
        offsets.delivered(raw.offset(), Records.bytesOf(raw));
        RecordKey key = null;
        try {
            TopicRecord readable = Records.of(raw);
            key = readable.key();
            CurrentTrace.run(readable.trace(), () -> listener.companion(readable, () -> offsets.done(raw.offset())));
        } catch (PoisonException | Records.UnreadableException e) {
            if (setAside(companion, raw, e)) {
                offsets.done(raw.offset());
            }
        } catch (RuntimeException e) {
            report(key, e);
        }
    }

    private boolean setAside(Topic from, ConsumerRecord<byte[], byte[]> raw, Exception reason)
            throws InterruptedException {
        try {
            deadLetters.setAside(from, raw, reason);
            return true;
        } catch (IllegalStateException e) {
            LOGGER.atError()
                    .addKeyValue("topic", raw.topic())
                    .addKeyValue("partition", raw.partition())
                    .setCause(e)
                    .log("A record that cannot be handled could not be set aside either.");
            return false;
        }
    }

    /** Tells the keys of each partition that was read up to where it ended when its loading began. */
    private void finishLoading(Consumer<byte[], byte[]> consumer) {
        List<Share<V>> loading = loading();
        if (loading.isEmpty() || !lookUpEnds(consumer, loading)) {
            return;
        }
        for (Share<V> share : loading) {
            if (isReadToEnd(consumer, share)) {
                share.loaded = true;
                share.values.forEach((key, value) -> {
                    if (loop.running()) {
                        call(key, null, () -> listener.changed(key, value));
                    }
                });
                companions.loaded(consumer, share);
            }
        }
    }

    private List<Share<V>> loading() {
        return shares.values().stream().filter(share -> !share.loaded).toList();
    }

    private boolean lookUpEnds(Consumer<byte[], byte[]> consumer, List<Share<V>> loading) {
        List<TopicPartition> unknown = loading.stream()
                .filter(share -> share.end == Share.UNKNOWN)
                .map(this::partition)
                .toList();
        if (unknown.isEmpty()) {
            return true;
        }
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(unknown, Limits.LOOKUP);
            loading.forEach(share -> share.end = ends.getOrDefault(partition(share), share.end));
            return true;
        } catch (TimeoutException e) {
            // The broker is away: nothing can be loaded now, and the next round asks again.
            return false;
        }
    }

    private boolean isReadToEnd(Consumer<byte[], byte[]> consumer, Share<V> share) {
        if (!consumer.assignment().contains(partition(share))) {
            // Revoked, and perhaps about to come back.
            return false;
        }
        try {
            // Not the last record seen: compaction leaves holes, at the end too.
            return consumer.position(partition(share), Limits.POLL_SOON) >= share.end;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void call(@Nullable RecordKey key, @Nullable TraceContext trace, Runnable callback) {
        try {
            CurrentTrace.run(trace, callback::run);
        } catch (RuntimeException e) {
            report(key, e);
        }
    }

    private void report(@Nullable RecordKey key, RuntimeException e) {
        LOGGER.atError()
                .addKeyValue("topic", topic.name())
                .addKeyValue("workload", key == null ? "" : key.owner())
                .addKeyValue("instance", key == null ? "" : key.part())
                .setCause(e)
                .log("A listener failed; going on with the next record.");
    }

    private TopicPartition partition(Share<V> share) {
        return new TopicPartition(topic.name(), share.partition);
    }
}
