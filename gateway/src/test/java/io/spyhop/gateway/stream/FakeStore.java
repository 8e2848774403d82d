package io.spyhop.gateway.stream;

import com.github.luben.zstd.Zstd;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.LinesDeletion;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogRetention;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.RetentionChange;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory: lines numbered from 1, of which the oldest may have been removed. What is asked of many lines it
 * looks at one by one. Thread-safe.
 */
@ApplicationScoped
public class FakeStore implements LogsApi {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private static final class Log {
        long last;
        long removed;
        RetentionChange retention = new RetentionChange(null, null, null);
        /** Those that are not as {@link #row} makes them. */
        final Map<Long, String> rows = new ConcurrentHashMap<>();

        String row(long number) {
            return rows.getOrDefault(number, FakeStore.row(number));
        }

        byte[] rows(long first, long last) {
            StringBuilder all = new StringBuilder();
            LongStream.rangeClosed(first, last)
                    .forEach(number -> all.append(row(number)).append('\n'));
            return all.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Map<WorkloadId, Log> logs = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> traces = new CopyOnWriteArrayList<>();
    private volatile boolean away;
    private volatile int examined = Integer.MAX_VALUE;

    /** Stores so many more lines; gives the batch as it would be published. */
    public LineBatch store(WorkloadId workload, int lines) {
        Log log = log(workload);
        synchronized (log) {
            long first = log.last + 1;
            log.last += lines;
            return batch(workload, first, log.last);
        }
    }

    /** Stores one more line; gives the batch as it would be published. The message is put in as JSON text. */
    public LineBatch say(WorkloadId workload, Instant at, String stream, String level, String message, String more) {
        Log log = log(workload);
        synchronized (log) {
            log.last++;
            log.rows.put(
                    log.last,
                    "{\"lineNo\":" + log.last + ",\"at\":\"" + time(at) + "\",\"stream\":\"" + stream
                            + "\",\"level\":\"" + level + "\",\"message\":\"" + message + "\"" + more + "}");
            return batch(workload, log.last, log.last, log.rows(log.last, log.last));
        }
    }

    /** A time as it stands in rows: with nine digits of its second. */
    public static String time(Instant at) {
        return TIME.format(at);
    }

    /** How many lines a call looks at before it answers with what it has. */
    public void examine(int lines) {
        examined = lines;
    }

    /** How long lines were last asked to be kept. */
    public RetentionChange kept(WorkloadId workload) {
        return log(workload).retention;
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
        return batch(workload, first, last, new Log().rows(first, last));
    }

    private static LineBatch batch(WorkloadId workload, long first, long last, byte[] raw) {
        return new LineBatch(workload, first, last, 0, 0, raw.length, Zstd.compress(raw));
    }

    public static String row(long number) {
        return "{\"lineNo\":" + number + ",\"at\":\"2026-11-22T03:04:05.123456789Z\",\"stream\":\"stdout\","
                + "\"level\":\"info\",\"message\":\"line " + number + " ünïcode\"}";
    }

    @Override
    public LinesPage after(WorkloadId workload, long after, int limit) {
        ask();
        Log log = log(workload);
        synchronized (log) {
            long first = Math.max(after, log.removed) + 1;
            long last = Math.min(log.last, first + limit - 1);
            return last < first
                    ? new LinesPage(new byte[0], 0, Math.max(after, Math.min(log.last, log.removed)), false)
                    : new LinesPage(log.rows(first, last), (int) (last - first + 1), last, last < log.last);
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
        ask();
        Log log = log(workload);
        LineMatcher matcher = LineMatcher.of(query.filter());
        synchronized (log) {
            long first = Math.max(query.after(), log.removed) + 1;
            long last = Math.min(log.last, query.before() - 1);
            NavigableSet<Long> matched = new TreeSet<>();
            int step = query.newestFirst() ? -1 : 1;
            long number = query.newestFirst() ? last : first;
            long through = query.newestFirst() ? query.before() : Math.max(query.after(), last);
            int looked = 0;
            for (; number >= first && number <= last && matched.size() < query.limit() && looked < examined; looked++) {
                byte[] row = log.row(number).getBytes(StandardCharsets.UTF_8);
                if (matcher.matches(row, 0, row.length)) {
                    matched.add(number);
                }
                through = number;
                number += step;
            }
            boolean more = number >= first && number <= last;
            NavigableSet<Long> shown = new TreeSet<>(matched);
            for (long match : matched) {
                LongStream.rangeClosed(
                                Math.max(log.removed + 1, match - query.context()),
                                Math.min(log.last, match + query.context()))
                        .forEach(shown::add);
            }
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            shown.forEach(each -> rows.writeBytes(log.rows(each, each)));
            long[] matches = query.context() == 0
                    ? new long[0]
                    : matched.stream().mapToLong(Long::longValue).toArray();
            return new LinesPage(rows.toByteArray(), shown.size(), through, more, matches);
        }
    }

    private record Hit(long nanos, WorkloadId workload, String row) {}

    /** A call looks at so many lines as are set, and at all of one time. */
    @Override
    public SearchPage search(SearchQuery query) {
        ask();
        LineMatcher matcher = LineMatcher.of(query.filter());
        long since = Objects.requireNonNull(query.filter().sinceNanos());
        List<Hit> all = new ArrayList<>();
        for (WorkloadId workload : query.workloads()) {
            Log log = log(workload);
            for (long number = log.removed + 1; number <= log.last; number++) {
                String row = log.row(number);
                long nanos = nanos(row);
                if (nanos >= since && nanos < query.beforeNanos()) {
                    all.add(new Hit(nanos, workload, row));
                }
            }
        }
        all.sort(Comparator.comparingLong(Hit::nanos).reversed());
        int end = Math.min(examined, all.size());
        while (end > 0
                && end < all.size()
                && all.get(end).nanos() == all.get(end - 1).nanos()) {
            end++;
        }
        StringBuilder rows = new StringBuilder();
        int count = 0;
        Map<Integer, Long> histogram = new HashMap<>();
        for (Hit hit : all.subList(0, end)) {
            byte[] row = hit.row().getBytes(StandardCharsets.UTF_8);
            if (matcher.matches(row, 0, row.length)) {
                histogram.merge((int) ((hit.nanos() - since) / query.bucketNanos()), 1L, Long::sum);
                if (count < query.limit()) {
                    rows.append("{\"workload\":\"" + hit.workload().value() + "\","
                                    + hit.row().substring(1))
                            .append('\n');
                    count++;
                }
            }
        }
        boolean more = end < all.size();
        long through = more ? all.get(end - 1).nanos() : since;
        return new SearchPage(rows.toString(), count, through, more, histogram, end, rows.length());
    }

    @Override
    public LogRetention retention(WorkloadId workload) {
        ask();
        Log log = log(workload);
        String output = log.retention.output();
        String system = log.retention.system();
        Long maxBytes = log.retention.maxBytes();
        return new LogRetention(
                output == null ? "7d" : output,
                output == null ? "default" : "api",
                system == null ? "30d" : system,
                system == null ? "default" : "api",
                maxBytes == null ? 1 << 30 : maxBytes,
                maxBytes == null ? "default" : "api",
                0,
                0,
                log.last - log.removed,
                null);
    }

    @Override
    public LogRetention setRetention(WorkloadId workload, RetentionChange change) {
        log(workload).retention = change;
        return retention(workload);
    }

    @Override
    public LinesDeletion delete(WorkloadId workload, long before, long beforeNanos) {
        ask();
        Log log = log(workload);
        synchronized (log) {
            long first = log.removed + 1;
            long gone = first;
            long end = Math.min(log.last + 1, before);
            while (gone < end && gone - first < examined && nanos(log.row(gone)) < beforeNanos) {
                gone++;
            }
            log.removed = gone - 1;
            return new LinesDeletion(gone - first, gone < end && nanos(log.row(gone)) < beforeNanos);
        }
    }

    private void ask() {
        asked.incrementAndGet();
        TraceContext trace = CurrentTrace.get();
        traces.add(trace == null ? "none" : trace.traceId());
        if (away) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "log-service is away");
        }
    }

    private static long nanos(String row) {
        int from = row.indexOf("\"at\":\"") + 6;
        Instant at = Instant.parse(row.substring(from, row.indexOf('"', from)));
        return ChronoUnit.NANOS.between(Instant.EPOCH, at);
    }

    private Log log(WorkloadId workload) {
        return logs.computeIfAbsent(workload, id -> new Log());
    }
}
