package io.spyhop.logs.search;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.store.Rows;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows with those around them, each once, ascending. One chunk is held at a time, and its neighbour at its edges. Not
 * thread-safe.
 */
final class ContextRows {
    private static final TrigramQuestion ANY = new TrigramQuestion(List.of(), List.of());

    private final SnapshotReader snapshot;
    private final WorkloadId workload;
    private final int context;
    private final int bytesMax;
    private final ByteArrayOutputStream rows = new ByteArrayOutputStream();
    private int count;
    private long written;
    private @Nullable Chunk current;

    private record Chunk(
            ChunkHead head,
            @SuppressWarnings("ArrayRecordComponent") byte[] ndjson) {}

    ContextRows(SnapshotReader snapshot, WorkloadId workload, int context, int bytesMax) {
        this.snapshot = snapshot;
        this.workload = workload;
        this.context = context;
        this.bytesMax = bytesMax;
    }

    int count() {
        return count;
    }

    byte[] ndjson() {
        return rows.toByteArray();
    }

    /** Collects them; false where they are more than may be. */
    boolean collect(long[] matched) throws SQLException {
        for (int i = 0; i < matched.length; i++) {
            Chunk chunk = holding(matched[i]);
            int row = Rows.above(chunk.ndjson(), matched[i] - 1);
            writeBefore(chunk, row);
            write(chunk.ndjson(), row);
            writeAfter(chunk, Rows.next(chunk.ndjson(), row), i + 1 < matched.length ? matched[i + 1] : Long.MAX_VALUE);
            if (rows.size() > bytesMax && count > 1) {
                return false;
            }
        }
        return true;
    }

    private Chunk holding(long number) throws SQLException {
        Chunk here = current;
        if (here == null || here.head().firstLine() > number || here.head().lastLine() < number) {
            here = chunk(new NumberRange(number - 1, Long.MAX_VALUE), false);
        }
        if (here == null) {
            throw new IllegalStateException("a row that was found is not there");
        }
        return here;
    }

    private @Nullable Chunk chunk(NumberRange range, boolean newestFirst) throws SQLException {
        List<SnapshotReader.ChunkRows> found = snapshot.rows(snapshot.heads(workload, range, newestFirst, ANY, 1));
        if (found.isEmpty()) {
            return null;
        }
        Chunk chunk = new Chunk(found.getFirst().head(), found.getFirst().ndjson());
        current = chunk;
        return chunk;
    }

    private void writeBefore(Chunk of, int row) throws SQLException {
        Deque<byte[]> before = new ArrayDeque<>();
        int bytes = 0;
        Chunk chunk = of;
        int at = row;
        while (before.size() < context && bytes <= bytesMax) {
            if (at == 0) {
                long first = chunk.head().firstLine();
                Chunk previous = first - 1 <= written ? null : chunk(new NumberRange(written, first), true);
                if (previous == null) {
                    break;
                }
                chunk = previous;
                at = chunk.ndjson().length;
                continue;
            }
            int previous = Rows.previous(chunk.ndjson(), at);
            if (Rows.number(chunk.ndjson(), previous) <= written) {
                break;
            }
            byte[] text = Arrays.copyOfRange(chunk.ndjson(), previous, at);
            before.addFirst(text);
            bytes += text.length;
            at = previous;
        }
        current = of;
        for (byte[] text : before) {
            write(text, 0);
        }
    }

    private void writeAfter(Chunk of, int row, long stop) throws SQLException {
        Chunk chunk = of;
        int at = row;
        for (int left = context; left > 0 && rows.size() <= bytesMax; left--) {
            if (at == chunk.ndjson().length) {
                Chunk next = chunk(new NumberRange(chunk.head().lastLine(), stop), false);
                if (next == null) {
                    return;
                }
                chunk = next;
                at = 0;
            }
            if (Rows.number(chunk.ndjson(), at) >= stop) {
                return;
            }
            at = write(chunk.ndjson(), at);
        }
    }

    private int write(byte[] ndjson, int row) {
        int next = Rows.next(ndjson, row);
        rows.write(ndjson, row, next - row);
        written = Rows.number(ndjson, row);
        count++;
        return next;
    }
}
