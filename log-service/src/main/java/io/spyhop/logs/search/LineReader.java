package io.spyhop.logs.search;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.logs.LogLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Pages of one workload's lines. Chunks are told by time and filter from their heads first; only what may match is read,
 * in small groups, and looked through on all processors. Thread-safe.
 */
@ApplicationScoped
public class LineReader {
    private static final int HEADS_FIRST = 16;
    private static final int HEADS_MAX = 1024;

    private final AgroalDataSource dataSource;
    private final ScanPool pool;
    private final Duration patience;

    @Inject
    LineReader(@DataSource("logs") AgroalDataSource dataSource, ScanPool pool) {
        this(dataSource, pool, Duration.ofMillis(LogsApi.EXAMINE_MILLIS_MAX));
    }

    LineReader(AgroalDataSource dataSource, ScanPool pool, Duration patience) {
        this.dataSource = dataSource;
        this.pool = pool;
        this.patience = patience;
    }

    /**
     * Lines that match.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public LinesPage query(WorkloadId workload, LinesQuery query) throws SQLException {
        check(query);
        Run run = new Run(workload, query);
        return pool.ask(() -> answer(run, query));
    }

    private LinesPage answer(Run run, LinesQuery query) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                SnapshotReader snapshot = new SnapshotReader(connection)) {
            run.examine(snapshot);
            return query.context() == 0 ? run.page(snapshot) : run.pageWithContext(snapshot);
        }
    }

    private static void check(LinesQuery query) {
        if (query.after() < 0) {
            throw SpyhopException.parameter("after", "a number from 0 is wanted");
        }
        if (query.before() < 1) {
            throw SpyhopException.parameter("before", "a number from 1 is wanted");
        }
        if (query.limit() < 1 || query.limit() > LogsApi.PAGE_LINES_MAX) {
            throw SpyhopException.parameter("limit", "a number from 1 to " + LogsApi.PAGE_LINES_MAX + " is wanted");
        }
        if (query.context() < 0 || query.context() > LinesQuery.CONTEXT_MAX) {
            throw SpyhopException.parameter("context", "a number from 0 to " + LinesQuery.CONTEXT_MAX + " is wanted");
        }
    }

    /** One question on its way. */
    private final class Run {
        private final WorkloadId workload;
        private final LinesQuery query;
        private final LineMatcher matcher;
        private final TrigramQuestion question;
        private final NumberRange range;
        private final MatchPage page;
        private final long deadline;
        private List<ChunkHead> heads = List.of();
        private int next;
        private boolean lastHeads;
        private boolean begun;

        Run(WorkloadId workload, LinesQuery query) {
            this.workload = workload;
            this.query = query;
            matcher = LineMatcher.of(query.filter());
            question = TrigramQuestion.of(matcher);
            range = new NumberRange(query.after(), query.before());
            page = new MatchPage(query);
            deadline = System.nanoTime() + patience.toNanos();
        }

        void examine(SnapshotReader snapshot) throws SQLException {
            int limit = HEADS_FIRST;
            while (!page.full() && !lastHeads) {
                readHeads(snapshot, limit);
                limit = Math.min(HEADS_MAX, limit * 4);
                while (next < heads.size() && !page.full()) {
                    examineSome(snapshot);
                    if (System.nanoTime() >= deadline) {
                        page.end();
                    }
                }
            }
        }

        private void readHeads(SnapshotReader snapshot, int limit) throws SQLException {
            NumberRange left = query.newestFirst()
                    ? new NumberRange(range.after(), page.through())
                    : new NumberRange(page.through(), range.before());
            heads = snapshot.heads(workload, left, query.newestFirst(), question, limit);
            next = 0;
            lastHeads = heads.size() < limit;
        }

        /** As many chunks as are read at once, and what is passed over on the way. */
        private void examineSome(SnapshotReader snapshot) throws SQLException {
            List<ChunkHead> some = new ArrayList<>();
            long bytes = 0;
            long lines = 0;
            while (next < heads.size()
                    && some.size() < LogLimits.SCAN_CHUNKS
                    && bytes < LogLimits.SCAN_RAW_BYTES
                    && !(query.filter().isAll() && lines >= page.room())) {
                ChunkHead head = heads.get(next++);
                if (mayMatch(head)) {
                    some.add(head);
                    bytes += head.rawBytes();
                    lines += head.lineCount();
                }
            }
            int room = page.room();
            List<Callable<ScannedChunk>> tasks = new ArrayList<>();
            for (SnapshotReader.ChunkRows rows : snapshot.rows(some)) {
                // The first is begun in any case, so that every call gets on.
                boolean begin = !begun;
                begun = true;
                tasks.add(() -> ScannedChunk.of(rows, matcher, range, query.newestFirst(), room, deadline, begin));
            }
            for (ScannedChunk chunk : pool.run(tasks)) {
                if (!page.full()) {
                    page.add(chunk, range);
                }
            }
            if (!page.full()) {
                page.examined(heads.get(next - 1), range);
            }
        }

        private boolean mayMatch(ChunkHead head) {
            Long since = query.filter().sinceNanos();
            Long until = query.filter().untilNanos();
            return head.mayMatch()
                    && (since == null || head.lastAt() >= since)
                    && (until == null || head.firstAt() < until);
        }

        private boolean more(SnapshotReader snapshot) throws SQLException {
            if (page.rowsLeft() || !page.full()) {
                return page.rowsLeft();
            }
            readHeads(snapshot, 1);
            return !heads.isEmpty();
        }

        LinesPage page(SnapshotReader snapshot) throws SQLException {
            boolean more = more(snapshot);
            return new LinesPage(page.ndjson(), page.count(), more ? page.through() : end(snapshot), more);
        }

        /** Where everything was examined: what was stored and removed, too. */
        private long end(SnapshotReader snapshot) throws SQLException {
            return query.newestFirst()
                    ? Math.min(page.through(), range.after() + 1)
                    : Math.max(page.through(), Math.min(range.before() - 1, snapshot.lastNumber(workload)));
        }

        /** Fewer rows, then less context, until all of it is a page. */
        LinesPage pageWithContext(SnapshotReader snapshot) throws SQLException {
            long[] matched = page.numbers();
            int context = query.context();
            boolean more = more(snapshot);
            long through = more ? page.through() : end(snapshot);
            ContextRows rows = new ContextRows(snapshot, workload, context, LogsApi.PAGE_BYTES_MAX);
            while (!rows.collect(matched)) {
                if (matched.length > 1) {
                    int half = matched.length / 2;
                    more = true;
                    through = query.newestFirst() ? matched[half - 1] + 1 : matched[matched.length - half] - 1;
                    matched = query.newestFirst()
                            ? Arrays.copyOfRange(matched, half, matched.length)
                            : Arrays.copyOf(matched, matched.length - half);
                } else {
                    context /= 2;
                }
                rows = new ContextRows(snapshot, workload, context, LogsApi.PAGE_BYTES_MAX);
            }
            return new LinesPage(rows.ndjson(), rows.count(), through, more, matched);
        }
    }
}
