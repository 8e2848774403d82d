package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One partition that a replica owns: its keys, and how far it and its companions were read. It outlives revocations that
 * bring the partition back. Only the table's thread changes it; {@link #values} and {@link #loaded} are read by all.
 */
final class Share<V> {
    /** A position or an end that is not known yet. */
    static final long UNKNOWN = -1;

    final int partition;
    final Map<RecordKey, V> values = new ConcurrentHashMap<>();
    final Map<String, OutstandingOffsets> companions = new HashMap<>();
    volatile boolean loaded;

    /** The next record of the table's topic to read, {@link #UNKNOWN} before the first. */
    long next = UNKNOWN;

    /** Where loading ends, {@link #UNKNOWN} until it was looked up. */
    long end = UNKNOWN;

    Share(int partition, Collection<Topic> companions) {
        this.partition = partition;
        companions.forEach(topic -> this.companions.put(topic.name(), new OutstandingOffsets()));
    }
}
