package io.spyhop.gateway.logs;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.gateway.logs.PageRequest.Order;
import java.util.List;

/** Answers requests for pages. */
final class LinePages {
    private LinePages() {}

    /** The page of a request, rows ascending. */
    static LinesPage page(LogsApi logs, WorkloadId workload, PageRequest request) {
        if (request.isPlain()) {
            if (request.order() == Order.OLDEST) {
                return logs.after(workload, request.range().after(), request.limit());
            }
            LinesPage newest = logs.tail(workload, request.limit());
            return new LinesPage(newest.ndjson(), newest.count(), newest.through(), false);
        }
        if (request.order() != Order.TAIL) {
            return scan(logs, workload, request, request.range());
        }
        // It is read from its end, but whoever goes on from here goes on after its end.
        long last = last(logs, workload);
        LineRange range = request.range().through(last);
        LinesPage found = scan(logs, workload, request, range);
        boolean late = found.more() && matches(found, request) < request.limit();
        return new LinesPage(found.ndjson(), found.count(), Math.max(0, range.before() - 1), late, found.matched());
    }

    /** The last number of a workload. */
    static long last(LogsApi logs, WorkloadId workload) {
        return logs.lastNumbers(List.of(workload)).getOrDefault(workload, 0L);
    }

    private static LinesPage scan(LogsApi logs, WorkloadId workload, PageRequest request, LineRange range) {
        if (range.isEmpty()) {
            return new LinesPage(
                    new byte[0], 0, request.order() == Order.OLDEST ? range.after() : range.before(), false);
        }
        return Scan.run(logs, workload, request.query(range), System::nanoTime);
    }

    private static int matches(LinesPage page, PageRequest request) {
        return request.context() == 0 ? page.count() : page.matched().length;
    }
}
