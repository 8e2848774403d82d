package io.spyhop.logs.search;

import io.spyhop.contracts.log.LineCursor;
import io.spyhop.contracts.log.LineMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one chunk has of what is searched: nothing is kept of rows that are only counted.
 *
 * @param histogram how many rows match, by bucket
 * @param rows those that may be shown
 */
record FoundRows(Map<Integer, Long> histogram, List<SearchRow> rows) {
    /**
     * Looks through a chunk.
     *
     * @param since where the first bucket begins
     * @param keptFrom rows before this time are only counted
     */
    static FoundRows of(
            SnapshotReader.ChunkRows chunk, LineMatcher matcher, long since, long bucketNanos, long keptFrom) {
        ChunkText text = chunk.textInRoom(matcher);
        String workload = chunk.head().workload();
        Map<Integer, Long> histogram = new HashMap<>();
        List<SearchRow> rows = new ArrayList<>();
        LineCursor row = text.rows(matcher, 0, text.length());
        ChunkHead head = chunk.head();
        if (head.lastAt() < keptFrom && head.firstAt() >= since) {
            int only = (int) ((head.firstAt() - since) / bucketNanos);
            if (only == (head.lastAt() - since) / bucketNanos) {
                // All of it is of one bucket, and nobody wants to know when each row was.
                count(histogram, only, count(row));
                return new FoundRows(histogram, rows);
            }
        }
        // Most rows are of the same bucket as the one before.
        int bucket = 0;
        long bucketFrom = since;
        long count = 0;
        while (row.next()) {
            long at = row.atNanos();
            if (at < bucketFrom || at - bucketFrom >= bucketNanos) {
                count(histogram, bucket, count);
                count = 0;
                bucket = (int) ((at - since) / bucketNanos);
                bucketFrom = since + bucket * bucketNanos;
            }
            count++;
            if (at >= keptFrom) {
                rows.add(new SearchRow(
                        at, workload, text.number(row.from()), SearchRow.withWorkload(workload, text.row(row.from()))));
            }
        }
        count(histogram, bucket, count);
        return new FoundRows(histogram, rows);
    }

    private static long count(LineCursor row) {
        long count = 0;
        while (row.next()) {
            count++;
        }
        return count;
    }

    private static void count(Map<Integer, Long> histogram, int bucket, long count) {
        if (count > 0) {
            histogram.merge(bucket, count, Long::sum);
        }
    }
}
