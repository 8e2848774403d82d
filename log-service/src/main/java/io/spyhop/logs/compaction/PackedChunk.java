package io.spyhop.logs.compaction;

import com.github.luben.zstd.Zstd;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.search.TrigramFilter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as it is to be stored. Immutable by agreement.
 *
 * @param payload compressed with zstd
 * @param filter null for a chunk that is read as quickly as a filter
 */
@SuppressWarnings("ArrayRecordComponent")
record PackedChunk(Chunk chunk, byte[] payload, byte @Nullable [] filter) {
    /** Compresses the rows, and builds their filter. */
    static PackedChunk of(Chunk chunk, byte[] ndjson) {
        byte[] bound = new byte[Math.toIntExact(Zstd.compressBound(chunk.rawBytes()))];
        long length = Zstd.compressByteArray(
                bound, 0, bound.length, ndjson, 0, chunk.rawBytes(), LogLimits.COMPACTED_COMPRESSION_LEVEL);
        if (Zstd.isError(length)) {
            throw new IllegalStateException("a chunk cannot be compressed: " + Zstd.getErrorName(length));
        }
        byte[] filter = chunk.rawBytes() < LogLimits.FILTERED_RAW_BYTES_MIN
                ? null
                : TrigramFilter.build(ndjson, chunk.rawBytes());
        return new PackedChunk(chunk, Arrays.copyOf(bound, (int) length), filter);
    }
}
