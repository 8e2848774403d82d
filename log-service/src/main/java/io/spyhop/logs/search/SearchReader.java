package io.spyhop.logs.search;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.log.SearchWindow;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.logs.LogLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Searches many workloads by windows of time, from the newest to older ones. A window is chosen by what its chunks have,
 * then every line within it is looked at, and none outside: so neither compaction nor retention between two calls makes a
 * line come twice, or not at all. Where so many workloads have lines in one window that a call does not come to its end, it
 * stops behind one of them, and the next call goes on there. Thread-safe.
 */
@ApplicationScoped
public class SearchReader {
    /** How much longer than all windows before it one may take in the same call. */
    private static final int LONGER_MOST = 4;

    private final AgroalDataSource dataSource;
    private final ScanPool pool;
    private final long callBytes;
    private final Duration patience;

    @Inject
    SearchReader(@DataSource("logs") AgroalDataSource dataSource, ScanPool pool) {
        this(dataSource, pool, LogLimits.SEARCH_RAW_BYTES, Duration.ofMillis(LogsApi.EXAMINE_MILLIS_MAX));
    }

    SearchReader(AgroalDataSource dataSource, ScanPool pool, long callBytes, Duration patience) {
        this.dataSource = dataSource;
        this.pool = pool;
        this.callBytes = callBytes;
        this.patience = patience;
    }

    /**
     * Examines a part of the time.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public SearchPage search(SearchQuery query) throws SQLException {
        return pool.ask(() -> answer(new Run(query)));
    }

    private SearchPage answer(Run run) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                SnapshotReader snapshot = new SnapshotReader(connection)) {
            return run.page(snapshot);
        }
    }

    /** One call on its way. */
    private final class Run {
        private final SearchQuery query;
        private final LineMatcher matcher;
        private final TrigramQuestion question;
        private final long since;
        private final long until;
        private final SearchRows rows;
        private final long deadline = System.nanoTime() + patience.toNanos();
        private long before;
        private long examinedLines;
        private long examinedBytes;

        /** Chunks of windows that were examined which have older lines too. */
        private List<ChunkHead> reaching = List.of();

        Run(SearchQuery query) {
            this.query = query;
            LineFilter filter = query.filter();
            since = checkedSince();
            until = filter.untilNanos() == null ? Long.MAX_VALUE : filter.untilNanos();
            matcher = LineMatcher.of(filter);
            question = TrigramQuestion.of(matcher);
            rows = new SearchRows(query, since);
            before = query.beforeNanos();
        }

        private long checkedSince() {
            Long from = query.filter().sinceNanos();
            Long until = query.filter().untilNanos();
            if (from == null || until == null || from < 0 || until < from) {
                throw SpyhopException.parameter("since", "a range of time is wanted");
            }
            if (query.beforeNanos() < from || query.beforeNanos() > until) {
                throw SpyhopException.parameter("beforeNanos", "a time of the range is wanted");
            }
            if (query.workloads().size() > SearchQuery.WORKLOADS_MAX) {
                throw SpyhopException.parameter(
                        "workloads", "at most " + SearchQuery.WORKLOADS_MAX + " are searched at once");
            }
            if (query.limit() < 0 || query.limit() > LogsApi.PAGE_LINES_MAX) {
                throw SpyhopException.parameter("limit", "a number from 0 to " + LogsApi.PAGE_LINES_MAX + " is wanted");
            }
            if (query.bucketNanos() < 1 || (until - from - 1) / query.bucketNanos() >= SearchQuery.BUCKETS_MAX) {
                throw SpyhopException.parameter(
                        "bucketNanos", "the range has at most " + SearchQuery.BUCKETS_MAX + " buckets");
            }
            SearchWindow window = query.window();
            if (window != null && (window.fromNanos() < from || window.fromNanos() >= query.beforeNanos())) {
                throw SpyhopException.parameter("window", "that of the page before is wanted");
            }
            return from;
        }

        SearchPage page(SnapshotReader snapshot) throws SQLException {
            SearchWindow begun = query.window();
            SearchWindow left = begun == null ? windows(snapshot) : rest(snapshot, begun);
            return new SearchPage(
                    rows.ndjson(),
                    rows.count(),
                    before,
                    before > since,
                    rows.histogram(),
                    examinedLines,
                    examinedBytes,
                    left);
        }

        /**
         * Windows that grow: the first answer of a slow search is soon there, and a large pattern costs one small window. One
         * that takes longer than all before it is left to the next call: only as the first one it may be left half-way, and
         * then the page has nothing else.
         */
        private @Nullable SearchWindow windows(SnapshotReader snapshot) throws SQLException {
            NewestChunks chunks = new NewestChunks(snapshot, query.workloads(), question, since, before);
            long windowBytes = callBytes / Math.max(16, matcher.steps());
            long scanned = 0;
            boolean late = false;
            while (before > since && scanned < callBytes && !late) {
                Window window = window(chunks, windowBytes);
                if (scanned > 0 && window.rawBytes() > Math.min(callBytes, LONGER_MOST * scanned)) {
                    return null;
                }
                examinedLines += window.passedLines();
                examinedBytes += window.passedBytes();
                String stopped = examine(snapshot, window, scanned == 0);
                if (stopped != null) {
                    return new SearchWindow(window.from(), stopped);
                }
                before = window.from();
                scanned += window.rawBytes();
                windowBytes = Math.min(windowBytes * 2, callBytes);
                late = System.nanoTime() >= deadline;
            }
            return null;
        }

        /** What is left of a window. */
        private @Nullable SearchWindow rest(SnapshotReader snapshot, SearchWindow begun) throws SQLException {
            List<WorkloadId> left = query.workloads().stream()
                    .filter(workload -> workload.value().compareTo(begun.throughWorkload()) > 0)
                    .toList();
            NewestChunks chunks = new NewestChunks(snapshot, left, question, begun.fromNanos(), before);
            List<ChunkHead> inside = new ArrayList<>();
            for (ChunkHead head = chunks.peek(); head != null; head = chunks.peek()) {
                if (head.mayMatch()) {
                    inside.add(head);
                }
                chunks.skip();
            }
            String stopped = examine(snapshot, new Window(begun.fromNanos(), before, inside, 0, 0, 0), true);
            if (stopped != null) {
                return new SearchWindow(begun.fromNanos(), stopped);
            }
            before = begun.fromNanos();
            return null;
        }

        /**
         * Goes back in time until there is enough to look through. Chunks that reach beyond an end of the window are
         * looked through again for the next one: so there must be as much that is new as there is of those.
         */
        private Window window(NewestChunks newest, long bytesMin) throws SQLException {
            List<ChunkHead> chunks = new ArrayList<>(reaching);
            long againBytes = reaching.stream().mapToLong(ChunkHead::rawBytes).sum();
            long newBytes = 0;
            long passedLines = 0;
            long passedBytes = 0;
            long from = since;
            for (ChunkHead head = newest.peek(); head != null; head = newest.peek()) {
                boolean enough = newBytes >= Math.max(bytesMin, againBytes) || System.nanoTime() >= deadline;
                // The lines of all that follow are older than this.
                if (enough && head.lastAt() + 1 < before) {
                    from = Math.max(since, head.lastAt() + 1);
                    break;
                }
                newest.skip();
                if (!head.mayMatch()) {
                    passedLines += wasSeen(head) ? 0 : head.lineCount();
                    passedBytes += wasSeen(head) ? 0 : head.rawBytes();
                    continue;
                }
                chunks.add(head);
                if (wasSeen(head)) {
                    againBytes += head.rawBytes();
                } else {
                    newBytes += head.rawBytes();
                }
            }
            long end = from;
            reaching = chunks.stream().filter(head -> head.firstAt() < end).toList();
            return new Window(from, before, chunks, newBytes + againBytes, passedLines, passedBytes);
        }

        /** Whether an earlier window had lines of this chunk. */
        private boolean wasSeen(ChunkHead head) {
            return head.lastAt() >= before && before < until;
        }

        /**
         * Looks through a window, one workload after the other; while some chunks are looked through the next ones are read.
         *
         * @param mayStop whether it stops behind a workload when it is late
         * @return the workload behind which it stopped; null where all is done
         */
        private @Nullable String examine(SnapshotReader snapshot, Window window, boolean mayStop) throws SQLException {
            List<ChunkHead> chunks = window.chunks().stream()
                    .sorted(Comparator.comparing(ChunkHead::workload))
                    .toList();
            LineMatcher whole = matcher.between(null, null);
            LineMatcher part = matcher.between(window.from(), window.before());
            Deque<Future<FoundRows>> running = new ArrayDeque<>();
            try {
                int next = 0;
                while (next < chunks.size()) {
                    int end = groupEnd(chunks, next, mayStop && next > 0 && System.nanoTime() >= deadline);
                    if (end == next) {
                        break;
                    }
                    long keptFrom = rows.keptFrom();
                    for (SnapshotReader.ChunkRows compressed : snapshot.rows(chunks.subList(next, end))) {
                        LineMatcher within = window.holds(compressed.head()) ? whole : part;
                        running.add(pool.begin(
                                () -> FoundRows.of(compressed, within, since, query.bucketNanos(), keptFrom)));
                    }
                    for (ChunkHead head : chunks.subList(next, end)) {
                        examinedLines += wasSeen(head) ? 0 : head.lineCount();
                        examinedBytes += wasSeen(head) ? 0 : head.rawBytes();
                    }
                    next = end;
                    while (running.size() > LogLimits.SCAN_CHUNKS) {
                        rows.add(ScanPool.result(running.remove()));
                    }
                }
                while (!running.isEmpty()) {
                    rows.add(ScanPool.result(running.remove()));
                }
                return next < chunks.size() ? chunks.get(next - 1).workload() : null;
            } finally {
                running.forEach(task -> task.cancel(false));
            }
        }
    }

    /** As many chunks as are read at once; where it is late, no other workload's than that of the one before. */
    private static int groupEnd(List<ChunkHead> chunks, int from, boolean late) {
        long bytes = 0;
        int end = from;
        while (end < chunks.size() && end - from < LogLimits.SCAN_CHUNKS && bytes < LogLimits.SCAN_RAW_BYTES) {
            if (late && !chunks.get(end).workload().equals(chunks.get(end - 1).workload())) {
                break;
            }
            bytes += chunks.get(end).rawBytes();
            end++;
        }
        return end;
    }

    /**
     * All lines from a time on, before another, are in these chunks, or do not match.
     *
     * @param passedLines of chunks that were passed over
     */
    private record Window(
            long from, long before, List<ChunkHead> chunks, long rawBytes, long passedLines, long passedBytes) {
        /** Whether all lines of a chunk are of this time. */
        boolean holds(ChunkHead head) {
            return head.firstAt() >= from && head.lastAt() < before;
        }
    }
}
