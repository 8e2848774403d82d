package io.spyhop.logs.search;

import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.logs.store.Rows;
import java.util.Arrays;

/**
 * A chunk whose rows were looked at, as far as time allowed.
 *
 * @param from where the rows of the range begin
 * @param to where they end
 * @param found where the rows begin that match, ascending
 * @param examined how far from that end where it began: {@code to}, or {@code from} if from the end, where all were
 */
record ScannedChunk(
        ChunkHead head,
        @SuppressWarnings("ArrayRecordComponent") byte[] ndjson,
        int from,
        int to,
        @SuppressWarnings("ArrayRecordComponent") int[] found,
        int examined) {
    /** The clock is asked, and whether there is enough, after so many bytes. */
    private static final int SLICE_BYTES = 64 * 1024;

    /**
     * Looks for rows.
     *
     * @param limit no more are needed
     * @param deadline when to stop, by the nano clock
     * @param begin whether a part is looked at even when it is late
     */
    static ScannedChunk of(
            SnapshotReader.ChunkRows chunk,
            LineMatcher matcher,
            NumberRange range,
            boolean newestFirst,
            int limit,
            long deadline,
            boolean begin) {
        byte[] ndjson = chunk.ndjson();
        int from = Rows.above(ndjson, range.after());
        int to = Rows.above(ndjson, range.before() - 1);
        int[] found = new int[16];
        int count = 0;
        int start = from;
        int end = to;
        boolean go = begin;
        while (start < end && count < limit && (go || System.nanoTime() < deadline)) {
            go = false;
            int sliceFrom = start;
            int sliceTo = end;
            if (newestFirst) {
                sliceFrom = Math.max(from, Rows.start(ndjson, Math.max(from, end - SLICE_BYTES)));
                end = sliceFrom;
            } else {
                sliceTo = start + SLICE_BYTES < end ? Rows.next(ndjson, start + SLICE_BYTES) : end;
                start = sliceTo;
            }
            int earlier = count;
            int row = matcher.next(ndjson, sliceFrom, sliceTo);
            while (row >= 0) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, 2 * count);
                }
                found[count++] = row;
                row = matcher.next(ndjson, Rows.next(ndjson, row), sliceTo);
            }
            if (newestFirst && earlier > 0) {
                rotate(found, earlier, count);
            }
        }
        return new ScannedChunk(chunk.head(), ndjson, from, to, Arrays.copyOf(found, count), newestFirst ? end : start);
    }

    /** Puts what was found last, in older rows, before the rest. */
    private static void rotate(int[] found, int earlier, int count) {
        int[] newer = Arrays.copyOf(found, earlier);
        System.arraycopy(found, earlier, found, 0, count - earlier);
        System.arraycopy(newer, 0, found, count - earlier, earlier);
    }

    boolean isWhole(boolean newestFirst) {
        return examined == (newestFirst ? from : to);
    }
}
