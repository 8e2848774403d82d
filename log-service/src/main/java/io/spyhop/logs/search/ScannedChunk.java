package io.spyhop.logs.search;

import io.spyhop.contracts.log.LineCursor;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.logs.store.Rows;
import java.util.Arrays;

/**
 * A chunk whose rows were looked at, as far as time allowed.
 *
 * @param text its rows; none where none of them matches and all were looked at
 * @param from where the rows of the range begin
 * @param to where they end
 * @param found where the rows begin that match, ascending
 * @param examined how far from that end where it began: {@code to}, or {@code from} if from the end, where all were
 */
record ScannedChunk(
        ChunkHead head,
        ChunkText text,
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
        ChunkText text = chunk.textInRoom(matcher);
        int from = text.above(range.after());
        int to = text.above(range.before() - 1);
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
                sliceFrom = Math.max(from, Rows.start(text.bytes(), Math.max(from, end - SLICE_BYTES)));
                end = sliceFrom;
            } else {
                sliceTo = start + SLICE_BYTES < end ? Rows.next(text.bytes(), start + SLICE_BYTES) : end;
                start = sliceTo;
            }
            int earlier = count;
            LineCursor row = text.rows(matcher, sliceFrom, sliceTo);
            while (row.next()) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, 2 * count);
                }
                found[count++] = row.from();
            }
            if (newestFirst && earlier > 0) {
                rotate(found, earlier, count);
            }
        }
        int examined = newestFirst ? end : start;
        boolean keeps = count > 0 || examined != (newestFirst ? from : to);
        ChunkText kept = keeps ? text.copy() : ChunkText.NONE;
        return new ScannedChunk(chunk.head(), kept, from, to, Arrays.copyOf(found, count), examined);
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
