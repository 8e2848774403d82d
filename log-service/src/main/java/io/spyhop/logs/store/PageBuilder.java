package io.spyhop.logs.store;

import io.spyhop.contracts.log.LinesPage;
import java.io.ByteArrayOutputStream;

/** Collects the rows of a page from chunks in ascending order. Not thread-safe. */
class PageBuilder {
    private final long after;
    private final int limit;
    private final int bytesMax;
    private final ByteArrayOutputStream rows = new ByteArrayOutputStream();
    private int count;
    private long through;
    private boolean full;

    PageBuilder(long after, int limit, int bytesMax) {
        this.after = after;
        this.limit = limit;
        this.bytesMax = bytesMax;
        this.through = after;
    }

    long after() {
        return after;
    }

    /** More chunks than this cannot be needed: each holds a line at least. */
    int chunksMax() {
        return limit;
    }

    boolean full() {
        return full;
    }

    /** Takes the rows above the cursor until the page is full. */
    final void add(byte[] ndjson, long lastLine) {
        int start = 0;
        while (start < ndjson.length && Rows.number(ndjson, start) <= after) {
            start = Rows.next(ndjson, start);
        }
        int end = start;
        while (end < ndjson.length && !full) {
            int next = Rows.next(ndjson, end);
            if (count > 0 && rows.size() + (next - start) > bytesMax) {
                full = true;
                break;
            }
            through = Rows.number(ndjson, end);
            count++;
            end = next;
            full = count >= limit;
        }
        rows.write(ndjson, start, end - start);
        if (end == ndjson.length) {
            through = lastLine;
        }
    }

    LinesPage build() {
        return new LinesPage(rows.toByteArray(), count, through, full);
    }
}
