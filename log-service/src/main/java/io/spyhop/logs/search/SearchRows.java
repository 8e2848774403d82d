package io.spyhop.logs.search;

import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.logs.store.Rows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** The newest lines that a search found so far, and how many there were at which time. Not thread-safe. */
final class SearchRows {
    private static final byte[] WORKLOAD = "{\"workload\":\"".getBytes(StandardCharsets.US_ASCII);

    private final SearchQuery query;
    private final long since;
    private final Map<Integer, Long> histogram = new HashMap<>();
    private final PriorityQueue<Row> newest = new PriorityQueue<>(Row.ORDER);
    private long bytes;

    /** From when on all rows that were found are kept: what is dropped is older, and so is what comes later. */
    private long keptFrom;

    private record Row(
            long at,
            String workload,
            long number,
            @SuppressWarnings("ArrayRecordComponent") byte[] ndjson) {
        /** Rows of one time have an order too: whoever goes on counts those that an earlier answer had. */
        private static final Comparator<Row> ORDER =
                Comparator.comparingLong(Row::at).thenComparing(Row::workload).thenComparingLong(Row::number);
    }

    SearchRows(SearchQuery query, long since) {
        this.query = query;
        this.since = since;
        keptFrom = query.limit() == 0 ? Long.MAX_VALUE : since;
    }

    void add(ScannedChunk chunk) {
        byte[] ndjson = chunk.ndjson();
        for (int row : chunk.found()) {
            int next = Rows.next(ndjson, row);
            long at = LineMatcher.atNanos(ndjson, row, next - 1);
            histogram.merge((int) ((at - since) / query.bucketNanos()), 1L, Long::sum);
            if (at >= keptFrom) {
                String workload = chunk.head().workload();
                keep(new Row(at, workload, Rows.number(ndjson, row), withWorkload(workload, ndjson, row, next)));
            }
        }
    }

    private void keep(Row row) {
        newest.add(row);
        bytes += row.ndjson().length;
        while (newest.size() > query.limit() || (bytes > LogsApi.PAGE_BYTES_MAX && newest.size() > 1)) {
            Row oldest = newest.remove();
            bytes -= oldest.ndjson().length;
            keptFrom = oldest.at();
        }
    }

    private static byte[] withWorkload(String workload, byte[] ndjson, int row, int next) {
        byte[] id = workload.getBytes(StandardCharsets.US_ASCII);
        byte[] line = new byte[WORKLOAD.length + id.length + 1 + next - row];
        System.arraycopy(WORKLOAD, 0, line, 0, WORKLOAD.length);
        System.arraycopy(id, 0, line, WORKLOAD.length, id.length);
        int at = WORKLOAD.length + id.length;
        line[at++] = '"';
        line[at++] = ',';
        // Without the brace that begins the row.
        System.arraycopy(ndjson, row + 1, line, at, next - row - 1);
        return line;
    }

    int count() {
        return newest.size();
    }

    Map<Integer, Long> histogram() {
        return histogram;
    }

    /** The rows, newest first. */
    String ndjson() {
        List<Row> rows = new ArrayList<>(newest);
        rows.sort(Row.ORDER.reversed());
        StringBuilder text = new StringBuilder(Math.toIntExact(bytes));
        rows.forEach(row -> text.append(new String(row.ndjson(), StandardCharsets.UTF_8)));
        return text.toString();
    }
}
