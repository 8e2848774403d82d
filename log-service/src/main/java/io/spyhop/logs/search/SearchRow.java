package io.spyhop.logs.search;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * A row of an answer.
 *
 * @param at its time, nanoseconds since the epoch
 * @param ndjson with its workload
 */
record SearchRow(
        long at,
        String workload,
        long number,
        @SuppressWarnings("ArrayRecordComponent") byte[] ndjson) {
    /** Rows of one time have an order too: whoever goes on counts those that an earlier answer had. */
    static final Comparator<SearchRow> ORDER = Comparator.comparingLong(SearchRow::at)
            .thenComparing(SearchRow::workload)
            .thenComparingLong(SearchRow::number);

    private static final byte[] WORKLOAD = "{\"workload\":\"".getBytes(StandardCharsets.US_ASCII);

    /** A stored row as it is answered: with its workload in front. */
    static byte[] withWorkload(String workload, byte[] row) {
        byte[] id = workload.getBytes(StandardCharsets.US_ASCII);
        byte[] line = new byte[WORKLOAD.length + id.length + 1 + row.length];
        System.arraycopy(WORKLOAD, 0, line, 0, WORKLOAD.length);
        System.arraycopy(id, 0, line, WORKLOAD.length, id.length);
        int at = WORKLOAD.length + id.length;
        line[at++] = '"';
        line[at++] = ',';
        // Without the brace that begins the row.
        System.arraycopy(row, 1, line, at, row.length - 1);
        return line;
    }
}
