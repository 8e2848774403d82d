package io.spyhop.logs.search;

import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.logs.store.Rows;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Collects the rows of a page in the order in which they are examined. Not thread-safe. */
final class MatchPage {
    private final boolean newestFirst;
    private final int limit;
    private final ByteArrayOutputStream rows = new ByteArrayOutputStream();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private long through;
    private boolean full;
    private boolean rowsLeft;

    MatchPage(LinesQuery query) {
        newestFirst = query.newestFirst();
        limit = query.limit();
        through = newestFirst ? query.before() : query.after();
    }

    int count() {
        return numbers.size();
    }

    /** How many more there may be. */
    int room() {
        return limit - numbers.size();
    }

    long through() {
        return through;
    }

    /** Whether nothing more is taken: there is no room, or it is late. */
    boolean full() {
        return full;
    }

    /** Whether the chunk that came last has rows beyond. */
    boolean rowsLeft() {
        return rowsLeft;
    }

    /** Nothing is looked at beyond here. */
    void end() {
        full = true;
    }

    /** A chunk was examined, or passed over, to its end. */
    void examined(ChunkHead head, NumberRange range) {
        through = newestFirst
                ? Math.max(head.firstLine(), range.after() + 1)
                : Math.min(head.lastLine(), range.before() - 1);
    }

    void add(ScannedChunk chunk, NumberRange range) {
        ChunkText text = chunk.text();
        int[] found = chunk.found();
        for (int i = 0; i < found.length && !full; i++) {
            int place = found[newestFirst ? found.length - 1 - i : i];
            byte[] row = text.row(place);
            long number = text.number(place);
            if (!numbers.isEmpty() && rows.size() + row.length > LogsApi.PAGE_BYTES_MAX) {
                // What does not match between the last row and this one was examined.
                through = newestFirst ? number + 1 : number - 1;
                full = true;
                rowsLeft = true;
                return;
            }
            starts.add(rows.size());
            numbers.add(number);
            rows.writeBytes(row);
            through = number;
            if (numbers.size() >= limit) {
                full = true;
                rowsLeft = newestFirst ? place > chunk.from() : Rows.next(text.bytes(), place) < chunk.to();
                if (!rowsLeft) {
                    examined(chunk.head(), range);
                }
                return;
            }
        }
        if (chunk.isWhole(newestFirst)) {
            examined(chunk.head(), range);
            return;
        }
        full = true;
        rowsLeft = true;
        if (newestFirst && chunk.examined() < chunk.to()) {
            through = text.number(chunk.examined());
        } else if (!newestFirst && chunk.examined() > chunk.from()) {
            through = text.number(Rows.previous(text.bytes(), chunk.examined()));
        }
    }

    /** The numbers of the rows, ascending. */
    long[] numbers() {
        List<Long> ascending = newestFirst ? numbers.reversed() : numbers;
        return ascending.stream().mapToLong(Long::longValue).toArray();
    }

    /** The rows, ascending. */
    byte[] ndjson() {
        byte[] examined = rows.toByteArray();
        if (!newestFirst) {
            return examined;
        }
        byte[] ascending = new byte[examined.length];
        int to = examined.length;
        for (int start : starts.reversed()) {
            System.arraycopy(examined, start, ascending, examined.length - to, to - start);
            to = start;
        }
        return ascending;
    }
}
