package io.spyhop.gateway.search;

import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.gateway.stream.Rows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts together what calls have found in one window of time, each of some workloads, as if one call had found it. */
final class WindowPages {
    private static final String WORKLOAD = "{\"workload\":\"";

    private WindowPages() {}

    private record Row(String at, String workload, long number, String text) {
        /** The order in which the store gives them. */
        private static final Comparator<Row> NEWEST_FIRST = Comparator.comparing(Row::at)
                .thenComparing(Row::workload)
                .thenComparingLong(Row::number)
                .reversed();
    }

    /**
     * One page of two.
     *
     * @param limit how many rows both calls were asked for
     */
    static SearchPage merged(SearchPage first, SearchPage second, int limit) {
        List<Row> rows = new ArrayList<>(rows(first));
        List<Row> others = rows(second);
        // Where one has left out older rows, the other's must not be shown without them.
        int kept = Math.min(limit, Math.min(complete(first, rows, others), complete(second, others, rows)));
        rows.addAll(others);
        rows.sort(Row.NEWEST_FIRST);
        StringBuilder ndjson = new StringBuilder();
        int count = 0;
        while (count < Math.min(kept, rows.size())
                && (count == 0 || ndjson.length() + rows.get(count).text().length() <= LogsApi.PAGE_BYTES_MAX)) {
            ndjson.append(rows.get(count).text());
            count++;
        }
        Map<Integer, Long> histogram = new HashMap<>(first.histogram());
        second.histogram().forEach((bucket, matched) -> histogram.merge(bucket, matched, Long::sum));
        return new SearchPage(
                ndjson.toString(),
                count,
                second.throughNanos(),
                second.more(),
                histogram,
                first.examinedLines() + second.examinedLines(),
                first.examinedBytes() + second.examinedBytes(),
                second.window());
    }

    /** How many rows, from the newest, are all that there are as far as a page tells. */
    private static int complete(SearchPage page, List<Row> rows, List<Row> others) {
        if (page.count() >= matched(page)) {
            return Integer.MAX_VALUE;
        }
        if (rows.isEmpty()) {
            return 0;
        }
        Row last = rows.getLast();
        long newer = others.stream()
                .filter(row -> Row.NEWEST_FIRST.compare(row, last) < 0)
                .count();
        return Math.toIntExact(rows.size() + newer);
    }

    /** How many rows match, those that were left out too. */
    static long matched(SearchPage page) {
        return page.histogram().values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<Row> rows(SearchPage page) {
        byte[] ndjson = page.ndjson().getBytes(StandardCharsets.UTF_8);
        List<Row> rows = new ArrayList<>();
        for (int from = 0; from < ndjson.length; ) {
            int to = Rows.end(ndjson, from);
            int next = Math.min(to + 1, ndjson.length);
            String text = new String(ndjson, from, next - from, StandardCharsets.UTF_8);
            String workload = text.substring(WORKLOAD.length(), text.indexOf('"', WORKLOAD.length()));
            rows.add(new Row(Rows.at(ndjson, from, to), workload, Rows.number(ndjson, from, to), text));
            from = next;
        }
        return rows;
    }
}
