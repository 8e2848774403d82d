package io.spyhop.logs.search;

import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** The newest lines that a search found so far, and how many there were at which time. Not thread-safe. */
final class SearchRows {
    private final int limit;
    private final Map<Integer, Long> histogram = new HashMap<>();
    private final PriorityQueue<SearchRow> newest = new PriorityQueue<>(SearchRow.ORDER);
    private long bytes;
    private long keptFrom;

    SearchRows(SearchQuery query, long since) {
        limit = query.limit();
        keptFrom = limit == 0 ? Long.MAX_VALUE : since;
    }

    /** From when on all rows that were found are kept: what is dropped is older, and so is what comes later. */
    long keptFrom() {
        return keptFrom;
    }

    void add(FoundRows found) {
        found.histogram().forEach((bucket, count) -> histogram.merge(bucket, count, Long::sum));
        for (SearchRow row : found.rows()) {
            if (row.at() >= keptFrom) {
                keep(row);
            }
        }
    }

    private void keep(SearchRow row) {
        newest.add(row);
        bytes += row.ndjson().length;
        while (newest.size() > limit || (bytes > LogsApi.PAGE_BYTES_MAX && newest.size() > 1)) {
            SearchRow oldest = newest.remove();
            bytes -= oldest.ndjson().length;
            keptFrom = oldest.at();
        }
    }

    int count() {
        return newest.size();
    }

    Map<Integer, Long> histogram() {
        return histogram;
    }

    /** The rows, newest first. */
    String ndjson() {
        List<SearchRow> rows = new ArrayList<>(newest);
        rows.sort(SearchRow.ORDER.reversed());
        StringBuilder text = new StringBuilder(Math.toIntExact(bytes));
        rows.forEach(row -> text.append(new String(row.ndjson(), StandardCharsets.UTF_8)));
        return text.toString();
    }
}
