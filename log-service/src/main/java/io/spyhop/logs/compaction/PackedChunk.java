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
        boolean large = length >= LogLimits.FILTERED_RAW_BYTES_MIN;
        byte[] filter = large ? TrigramFilter.build(ndjson, length) : null;
        RowColumns columns = large ? RowColumns.of(ndjson, length, chunk.lineCount()) : null;
        int level = LogLimits.COMPACTED_COMPRESSION_LEVEL;
        return columns == null
                ? new PackedChunk(chunk, Codec.ZSTD, Codec.deflate(ndjson, length, level), filter)
                : new PackedChunk(chunk, Codec.COLUMNS, columns.pack(level), filter);
    }
}
