package io.spyhop.logs.compaction;

import io.spyhop.contracts.WorkloadId;

/**
 * What is known of a stored chunk without its payload. Together with the workload, the first and last number and the count
 * tell it apart from every other that was or will be there: lines within a range only ever become fewer. Immutable.
 *
 * @param firstAt time of its earliest line
 * @param lastAt time of its latest line
 * @param lineCount numbers may have holes
 */
public record Chunk(
        WorkloadId workload,
        long firstLine,
        long lastLine,
        long firstAt,
        long lastAt,
        short retentionClass,
        int lineCount,
        int rawBytes) {
    /** Output only. */
    public static final short OUTPUT = 0;

    /** System lines only. */
    public static final short SYSTEM = 1;

    /** Both. */
    public static final short MIXED = 2;
}
