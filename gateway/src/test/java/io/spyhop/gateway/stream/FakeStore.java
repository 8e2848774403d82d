package io.spyhop.gateway.stream;

import com.github.luben.zstd.Zstd;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogRetention;
import io.spyhop.contracts.log.RetentionChange;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store in memory: lines numbered from 1, of which the oldest may have been removed. Thread-safe. */
@ApplicationScoped
public class FakeStore implements LogsApi {
    private static final class Log {
        long last;
        long removed;
    }

    private final Map<WorkloadId, Log> logs = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> traces = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    /** Stores so many more lines; gives the batch as it would be published. */
    public LineBatch store(WorkloadId workload, int lines) {
        Log log = log(workload);
        synchronized (log) {
            long first = log.last + 1;
            log.last += lines;
            return batch(workload, first, log.last);
        }
    }

    /** The last number. */
    public long last(WorkloadId workload) {
        return log(workload).last;
    }

    /** Removes what is not above this number. */
    public void remove(WorkloadId workload, long through) {
        log(workload).removed = through;
    }

    public void away(boolean now) {
        away = now;
    }

    /** For which traces pages were asked, in order. */
    public List<String> traces() {
        return traces;
    }

    /** For which trace the last page was asked. */
    public String trace() {
        return traces.getLast();
    }

    public int asked() {
        return asked.get();
    }

    /** A batch of these numbers. */
    public static LineBatch batch(WorkloadId workload, long first, long last) {
        byte[] raw = rows(first, last).getBytes(StandardCharsets.UTF_8);
        return new LineBatch(workload, first, last, 0, 0, raw.length, Zstd.compress(raw));
    }

    public static String row(long number) {
        return "{\"lineNo\":" + number + ",\"at\":\"2026-11-22T03:04:05.123456789Z\",\"stream\":\"stdout\","
                + "\"level\":\"info\",\"message\":\"line " + number + " ünïcode\"}";
    }

    @Override
    public LinesPage after(WorkloadId workload, long after, int limit) {
        asked.incrementAndGet();
        TraceContext trace = CurrentTrace.get();
        traces.add(trace == null ? "none" : trace.traceId());
        if (away) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "log-service is away");
        }
        Log log = log(workload);
        synchronized (log) {
            long first = Math.max(after, log.removed) + 1;
            long last = Math.min(log.last, first + limit - 1);
            return last < first
                    ? new LinesPage(new byte[0], 0, Math.max(after, Math.min(log.last, log.removed)), false)
                    : new LinesPage(rows(first, last).getBytes(StandardCharsets.UTF_8), (int) (last - first + 1), last, last < log.last);
        }
    }

    @Override
    public LinesPage tail(WorkloadId workload, int limit) {
        Log log = log(workload);
        synchronized (log) {
            return after(workload, Math.max(0, log.last - limit), limit);
        }
    }

    @Override
    public Map<WorkloadId, Long> lastNumbers(List<WorkloadId> workloads) {
        if (away) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "log-service is away");
        }
        Map<WorkloadId, Long> last = new HashMap<>();
        for (WorkloadId workload : workloads) {
            @Nullable Log log = logs.get(workload);
            last.put(workload, log == null ? 0 : log.last);
        }
        return last;
    }

    @Override
    public LinesPage query(WorkloadId workload, LinesQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SearchPage search(SearchQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LogRetention retention(WorkloadId workload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LogRetention setRetention(WorkloadId workload, RetentionChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long delete(WorkloadId workload, long before, long beforeNanos) {
        throw new UnsupportedOperationException();
    }

    private Log log(WorkloadId workload) {
        return logs.computeIfAbsent(workload, id -> new Log());
    }

    private static String rows(long first, long last) {
        StringBuilder rows = new StringBuilder();
        for (long number = first; number <= last; number++) {
            rows.append(row(number)).append('\n');
        }
        return rows.toString();
    }
}
