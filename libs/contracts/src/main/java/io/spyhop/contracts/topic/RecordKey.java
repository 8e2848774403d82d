package io.spyhop.contracts.topic;

import io.spyhop.contracts.WorkloadId;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The key of a record and the partition it belongs to. The partition comes from the owner (a workload's id, a host's
 * name) alone, so that all records of one workload stay in order on every topic, and one replica owns them all.
 * Immutable.
 *
 * @param owner what the partition is computed from
 * @param part what tells records of one owner apart, empty where there is one
 */
public record RecordKey(String owner, String part) {
    private static final char SEPARATOR = '|';

    /** The key of a workload's batches: the workload alone. */
    public static RecordKey of(WorkloadId workload) {
        return new RecordKey(workload.value(), "");
    }

    /** The key of what belongs to one part (a container's id, a run's id) of a workload. */
    public static RecordKey of(WorkloadId workload, String part) {
        return new RecordKey(workload.value(), part);
    }

    /** The key of a host's record. */
    public static RecordKey ofHost(String host) {
        return new RecordKey(host, "");
    }

    /** Reads a key as {@link #text()} wrote it. */
    public static RecordKey parse(String text) {
        int at = text.indexOf(SEPARATOR);
        return at < 0 ? new RecordKey(text, "") : new RecordKey(text.substring(0, at), text.substring(at + 1));
    }

    /** The key as it is written to Kafka. */
    public String text() {
        return part.isEmpty() ? owner : owner + SEPARATOR + part;
    }

    /** The partition, 0 to {@link Topic#PARTITIONS} - 1. */
    public int partition() {
        return partitionOf(owner);
    }

    /** The partition of everything that belongs to this owner. CRC-32C is stable across versions and languages. */
    public static int partitionOf(String owner) {
        CRC32C crc = new CRC32C();
        crc.update(owner.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % Topic.PARTITIONS);
    }
}
