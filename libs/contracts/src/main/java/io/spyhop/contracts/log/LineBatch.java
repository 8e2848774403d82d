package io.spyhop.contracts.log;

import io.spyhop.contracts.WorkloadId;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record on the lines topic: the key is the workload, the value the batch's NDJSON compressed with zstd exactly as it
 * was stored, and the rest stands in the headers. Numbers in a batch have no gaps. Immutable by agreement.
 *
 * @param firstLine number of the first line
 * @param lastLine number of the last line
 * @param firstAt the earliest time of its lines, nanoseconds since the epoch
 * @param lastAt the latest time of its lines, nanoseconds since the epoch
 * @param rawBytes size of the NDJSON before compression
 * @param payload the compressed bytes; null where they are over {@link #PUBLISHED_BYTES_MAX} and are read from the store
 */
public record LineBatch(
        WorkloadId workload,
        long firstLine,
        long lastLine,
        long firstAt,
        long lastAt,
        int rawBytes,
        @SuppressWarnings("ArrayRecordComponent") byte @Nullable [] payload) {
    /** A larger payload is published as headers only: it stays below the broker's limit of 1 MiB a record. */
    public static final int PUBLISHED_BYTES_MAX = 512 * 1024;

    private static final String HEADER = "spyhop-batch";

    /** How many lines. */
    public int count() {
        return Math.toIntExact(lastLine - firstLine + 1);
    }

    /** The headers of the record: one header of five big-endian numbers. */
    public Map<String, byte[]> headers() {
        return Map.of(
                HEADER,
                ByteBuffer.allocate(4 * Long.BYTES + Integer.BYTES)
                        .putLong(firstLine)
                        .putLong(lastLine)
                        .putLong(firstAt)
                        .putLong(lastAt)
                        .putInt(rawBytes)
                        .array());
    }

    /** What is sent as the record's value: the payload, or null where it is too large. */
    public byte @Nullable [] publishedPayload() {
        return payload != null && payload.length <= PUBLISHED_BYTES_MAX ? payload : null;
    }

    /**
     * Reads a record back.
     *
     * @param header gives a header's bytes by name
     * @throws IllegalArgumentException when the header is missing or short
     */
    public static LineBatch read(
            WorkloadId workload, Function<String, byte @Nullable []> header, byte @Nullable [] payload) {
        byte[] bytes = header.apply(HEADER);
        if (bytes == null || bytes.length < 4 * Long.BYTES + Integer.BYTES) {
            throw new IllegalArgumentException("not a batch of lines: its header is missing or short");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new LineBatch(workload, in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getInt(), payload);
    }
}
