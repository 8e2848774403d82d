package io.spyhop.logs.compaction;

import io.spyhop.logs.LogLimits;
import io.spyhop.logs.search.TrigramFilter;
import io.spyhop.logs.store.Codec;
import io.spyhop.logs.store.RowColumns;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as it is to be stored. Immutable by agreement.
 *
 * @param codec how it is compressed
 * @param filter null for a chunk that is read as quickly as a filter
 */
@SuppressWarnings("ArrayRecordComponent")
record PackedChunk(Chunk chunk, short codec, byte[] payload, byte @Nullable [] filter) {
    /** Compresses the rows, and builds their filter. */
    static PackedChunk of(Chunk chunk, byte[] ndjson) {
        int length = chunk.rawBytes();
        if (length < LogLimits.FILTERED_RAW_BYTES_MIN) {
            return new PackedChunk(chunk, Codec.ZSTD, deflated(ndjson, length), null);
        }
        byte[] filter = TrigramFilter.build(ndjson, length);
        RowColumns columns = RowColumns.of(ndjson, length, chunk.lineCount());
        return columns == null
                ? new PackedChunk(chunk, Codec.ZSTD, deflated(ndjson, length), filter)
                : new PackedChunk(chunk, Codec.COLUMNS, columns.pack(LogLimits.COMPACTED_COMPRESSION_LEVEL), filter);
    }

    private static byte[] deflated(byte[] ndjson, int length) {
        return Codec.deflate(ndjson, length, LogLimits.COMPACTED_COMPRESSION_LEVEL);
    }
}
