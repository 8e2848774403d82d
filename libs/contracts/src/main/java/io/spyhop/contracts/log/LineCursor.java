package io.spyhop.contracts.log;

import org.jspecify.annotations.Nullable;

/**
 * Goes from row to row of those that a filter wants, as {@link LineMatcher} says. A text is sought in many rows at once; the
 * ends of a row are looked for only where it was found. Not thread-safe.
 */
public final class LineCursor {
    private final LineMatcher matcher;
    private final LineRow row;
    private final @Nullable ByteScan scan;
    private final boolean scansText;
    private final int end;
    private int next;
    private int from;
    private int to;

    LineCursor(LineMatcher matcher, LineRow row, int from, int end) {
        this.matcher = matcher;
        this.row = row;
        this.scan = matcher.scan(row.bytes, from, end);
        this.scansText = matcher.isText(scan);
        this.next = from;
        this.end = end;
    }

    /** Moves to the next row; false where there is none. */
    public boolean next() {
        byte[] ndjson = row.bytes;
        while (next < end) {
            from = next;
            int found = next;
            if (scan != null) {
                found = scan.find(ndjson, next, end);
                if (found < 0) {
                    next = end;
                    return false;
                }
                from = ByteScan.rowStart(ndjson, next, found);
            }
            to = LineMatcher.rowEnd(ndjson, found, end);
            next = to + 1;
            if (matcher.isWanted(row, from, to, scansText ? found : -1)) {
                return true;
            }
        }
        return false;
    }

    /** Where the row begins. */
    public int from() {
        return from;
    }

    /** The line feed that ends it, or the end of all. */
    public int to() {
        return to;
    }

    /** The row's time in nanoseconds since the epoch. */
    public long atNanos() {
        return row.atNanos();
    }
}
