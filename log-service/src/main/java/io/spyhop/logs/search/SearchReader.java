package io.spyhop.logs.search;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.logs.LogLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Searches many workloads by windows of time, from the newest to older ones. A window is chosen by what its chunks have,
 * then every line within it is looked at, and none outside: so neither compaction nor retention between two calls makes a
 * line come twice, or not at all. Thread-safe.
 */
@ApplicationScoped
public class SearchReader {
    /** Few where lines are looked through soon; many where filters pass over a long time. */
    private static final int HEADS_FIRST = 256;

    private static final int HEADS_MAX = 8192;
    private static final NumberRange ALL = new NumberRange(0, Long.MAX_VALUE);

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
        private final SearchRows rows;
        private final long deadline = System.nanoTime() + patience.toNanos();
        private long before;
        private long examinedLines;
        private long examinedBytes;

        Run(SearchQuery query) {
            this.query = query;
            LineFilter filter = query.filter();
            matcher = LineMatcher.of(filter);
            question = TrigramQuestion.of(matcher);
            since = checkedSince();
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
            return from;
        }

        /** Windows that grow: the first answer of a slow search is soon there, and a large pattern costs one small window. */
        SearchPage page(SnapshotReader snapshot) throws SQLException {
            long windowBytes = callBytes / Math.max(16, matcher.steps());
            long scanned = 0;
            boolean more = before > since;
            boolean late = false;
            while (more && scanned < callBytes && !late) {
                Window window = window(snapshot, windowBytes);
                examine(snapshot, window);
                before = window.from();
                more = before > since;
                scanned += window.rawBytes();
                windowBytes = Math.min(windowBytes * 2, callBytes);
                late = System.nanoTime() >= deadline;
            }
            return new SearchPage(
                    rows.ndjson(), rows.count(), before, more, rows.histogram(), examinedLines, examinedBytes);
        }

        /**
         * Goes back in time until there is enough to look through. Chunks that reach beyond an end of the window are
         * looked through again for the next one: so there must be as much that is new as there is of those.
         */
        private Window window(SnapshotReader snapshot, long bytesMin) throws SQLException {
            List<ChunkHead> chunks = new ArrayList<>();
            long newBytes = 0;
            long againBytes = 0;
            ChunkHead last = new ChunkHead("", 0, 0, 0, Long.MAX_VALUE, 0, 0, false);
            int limit = HEADS_FIRST;
            while (true) {
                List<ChunkHead> heads = snapshot.newest(query.workloads(), since, before, last, question, limit);
                for (ChunkHead head : heads) {
                    boolean enough = newBytes >= Math.max(bytesMin, againBytes) || System.nanoTime() >= deadline;
                    // The lines of all that follow are older than this.
                    if (enough && head.lastAt() + 1 < before) {
                        return new Window(Math.max(since, head.lastAt() + 1), before, chunks, newBytes + againBytes);
                    }
                    boolean seen = head.lastAt() >= before && before < untilNanos();
                    if (!seen) {
                        examinedLines += head.lineCount();
                        examinedBytes += head.rawBytes();
                    }
                    if (head.mayMatch()) {
                        chunks.add(head);
                        if (seen) {
                            againBytes += head.rawBytes();
                        } else {
                            newBytes += head.rawBytes();
                        }
                    }
                }
                if (heads.size() < limit) {
                    return new Window(since, before, chunks, newBytes + againBytes);
                }
                last = heads.getLast();
                limit = Math.min(HEADS_MAX, limit * 4);
            }
        }

        private long untilNanos() {
            Long until = query.filter().untilNanos();
            return until == null ? Long.MAX_VALUE : until;
        }

        private void examine(SnapshotReader snapshot, Window window) throws SQLException {
            LineMatcher within = LineMatcher.of(query.filter().between(window.from(), window.before()));
            int next = 0;
            while (next < window.chunks().size()) {
                List<ChunkHead> some = new ArrayList<>();
                long bytes = 0;
                while (next < window.chunks().size()
                        && some.size() < LogLimits.SCAN_CHUNKS
                        && bytes < LogLimits.SCAN_RAW_BYTES) {
                    ChunkHead head = window.chunks().get(next++);
                    if (head.firstAt() < window.before() && head.lastAt() >= window.from()) {
                        some.add(head);
                        bytes += head.rawBytes();
                    }
                }
                List<Callable<ScannedChunk>> tasks = new ArrayList<>();
                for (SnapshotReader.ChunkRows compressed : snapshot.rows(some)) {
                    tasks.add(() ->
                            ScannedChunk.of(compressed, within, ALL, true, Integer.MAX_VALUE, Long.MAX_VALUE, false));
                }
                pool.run(tasks).forEach(rows::add);
            }
        }
    }

    /** All lines from a time on, before another, are in these chunks, or do not match. */
    private record Window(long from, long before, List<ChunkHead> chunks, long rawBytes) {}
}
