package io.spyhop.logs.compaction;

import io.spyhop.logs.store.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Writes chunks anew without some of their lines. The others keep their numbers. Thread-safe. */
@ApplicationScoped
public class ChunkTrim {
    private final ChunkSwapStore chunks;

    @Inject
    ChunkTrim(ChunkSwapStore chunks) {
        this.chunks = chunks;
    }

    /** Says which lines go. */
    @FunctionalInterface
    public interface Drop {
        /** Whether this line goes. */
        boolean test(long number, long atNanos, boolean system);
    }

    /** Takes lines out of a chunk; how many it were, or empty where the chunk is no longer as it was. */
    public OptionalInt trim(Chunk chunk, Drop drop) throws SQLException {
        Optional<byte[]> rows = chunks.read(List.of(chunk));
        if (rows.isEmpty()) {
            return OptionalInt.empty();
        }
        byte[] ndjson = rows.get();
        Chunk rest = keep(chunk, ndjson, drop);
        int dropped = chunk.lineCount() - (rest == null ? 0 : rest.lineCount());
        if (dropped == 0) {
            return OptionalInt.of(0);
        }
        PackedChunk packed = rest == null ? null : PackedChunk.of(rest, ndjson);
        return chunks.swap(List.of(chunk), packed) ? OptionalInt.of(dropped) : OptionalInt.empty();
    }

    /** Moves the rows that stay to the front; null where none does. */
    static @Nullable Chunk keep(Chunk chunk, byte[] ndjson, Drop drop) {
        int length = 0;
        int count = 0;
        int systemCount = 0;
        long firstLine = 0;
        long lastLine = 0;
        long firstAt = Long.MAX_VALUE;
        long lastAt = Long.MIN_VALUE;
        int row = 0;
        while (row < ndjson.length) {
            int next = Rows.next(ndjson, row);
            long number = Rows.number(ndjson, row);
            long at = Rows.atNanos(ndjson, row);
            boolean system = Rows.system(ndjson, row);
            if (!drop.test(number, at, system)) {
                System.arraycopy(ndjson, row, ndjson, length, next - row);
                length += next - row;
                firstLine = count == 0 ? number : firstLine;
                lastLine = number;
                firstAt = Math.min(firstAt, at);
                lastAt = Math.max(lastAt, at);
                count++;
                systemCount += system ? 1 : 0;
            }
            row = next;
        }
        if (count == 0) {
            return null;
        }
        short retentionClass = systemCount == 0 ? Chunk.OUTPUT : systemCount == count ? Chunk.SYSTEM : Chunk.MIXED;
        return new Chunk(chunk.workload(), firstLine, lastLine, firstAt, lastAt, retentionClass, count, length);
    }
}
