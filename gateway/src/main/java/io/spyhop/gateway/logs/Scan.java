package io.spyhop.gateway.logs;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.gateway.stream.Rows;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Asks the store on and on, since it answers in parts, until enough lines match, the range ends, or time is over. What the
 * parts have in common, because the context of one reaches into another, is shown once. Used by one thread, once.
 */
final class Scan {
    private final LogsApi logs;
    private final WorkloadId workload;
    private final LinesQuery query;
    private final LongSupplier nanoTime;
    private final Deque<byte[]> parts = new ArrayDeque<>();
    private final NavigableMap<Long, byte[]> rows = new TreeMap<>();
    private final NavigableSet<Long> matched = new TreeSet<>();
    private int count;
    private int bytes;

    private Scan(LogsApi logs, WorkloadId workload, LinesQuery query, LongSupplier nanoTime) {
        this.logs = logs;
        this.workload = workload;
        this.query = query;
        this.nanoTime = nanoTime;
    }

    /** The lines of a question, ascending, as one page. */
    static LinesPage run(LogsApi logs, WorkloadId workload, LinesQuery query, LongSupplier nanoTime) {
        return new Scan(logs, workload, query, nanoTime).run();
    }

    private LinesPage run() {
        long until = nanoTime.getAsLong() + LogsLimits.PAGE.toNanos();
        long after = query.after();
        long before = query.before();
        while (true) {
            int left = query.limit() - count;
            LinesPage page = logs.query(
                    workload,
                    new LinesQuery(after, before, query.newestFirst(), left, query.context(), query.filter()));
            add(page);
            boolean moved = query.newestFirst() ? page.through() < before : page.through() > after;
            boolean enough = count >= query.limit() || bytes >= LogsApi.PAGE_BYTES_MAX;
            if (!page.more() || !moved || enough || nanoTime.getAsLong() >= until) {
                return found(page);
            }
            if (query.newestFirst()) {
                before = page.through();
            } else {
                after = page.through();
            }
        }
    }

    private void add(LinesPage page) {
        bytes += page.ndjson().length;
        if (query.context() == 0) {
            count += page.count();
            if (query.newestFirst()) {
                parts.addFirst(page.ndjson());
            } else {
                parts.addLast(page.ndjson());
            }
            return;
        }
        for (long number : page.matched()) {
            matched.add(number);
        }
        count = matched.size();
        byte[] ndjson = page.ndjson();
        for (int from = 0; from < ndjson.length; ) {
            int to = Rows.end(ndjson, from);
            int next = Math.min(to + 1, ndjson.length);
            rows.put(Rows.number(ndjson, from, to), Arrays.copyOfRange(ndjson, from, next));
            from = next;
        }
    }

    private LinesPage found(LinesPage last) {
        if (parts.size() == 1) {
            return new LinesPage(parts.getFirst(), count, last.through(), last.more());
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes);
        parts.forEach(all::writeBytes);
        rows.values().forEach(all::writeBytes);
        long[] numbers = matched.stream().mapToLong(Long::longValue).toArray();
        int lines = query.context() == 0 ? count : rows.size();
        return new LinesPage(all.toByteArray(), lines, last.through(), last.more(), numbers);
    }
}
