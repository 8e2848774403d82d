package io.spyhop.logs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
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
import io.spyhop.logs.retention.WorkloadRetention;
import io.spyhop.logs.search.LineReader;
import io.spyhop.logs.search.SearchReader;
import io.spyhop.logs.store.ChunkReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Answers the gateway's questions for lines. */
@ApplicationScoped
@RunOnVirtualThread
public class LogsResource implements LogsApi {
    private static final int WORKLOADS_MAX = 10_000;

    private final ChunkReader reader;
    private final LineReader queries;
    private final SearchReader search;
    private final WorkloadRetention retention;

    @Inject
    LogsResource(ChunkReader reader, LineReader queries, SearchReader search, WorkloadRetention retention) {
        this.reader = reader;
        this.queries = queries;
        this.search = search;
        this.retention = retention;
    }

    @Override
    public LinesPage after(WorkloadId workload, long after, int limit) {
        if (after < 0) {
            throw SpyhopException.parameter("after", "a number from 0 is wanted");
        }
        checkLimit(limit);
        return answer(() -> reader.after(workload, after, limit));
    }

    @Override
    public LinesPage tail(WorkloadId workload, int limit) {
        checkLimit(limit);
        return answer(() -> reader.tail(workload, limit));
    }

    @Override
    public Map<WorkloadId, Long> lastNumbers(List<WorkloadId> workloads) {
        if (workloads.size() > WORKLOADS_MAX) {
            throw SpyhopException.parameter("workloads", "at most " + WORKLOADS_MAX + " are answered at once");
        }
        return answer(() -> reader.lastNumbers(workloads));
    }

    @Override
    public LinesPage query(WorkloadId workload, LinesQuery query) {
        return answer(() -> queries.query(workload, query));
    }

    @Override
    public SearchPage search(SearchQuery query) {
        return answer(() -> search.search(query));
    }

    @Override
    public LogRetention retention(WorkloadId workload) {
        return answer(() -> retention.tell(workload));
    }

    @Override
    public LogRetention setRetention(WorkloadId workload, RetentionChange change) {
        return answer(() -> {
            retention.set(workload, change);
            return retention.tell(workload);
        });
    }

    @Override
    public LinesDeletion delete(WorkloadId workload, long before, long beforeNanos) {
        return answer(() -> retention.remove(workload, before, beforeNanos));
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > PAGE_LINES_MAX) {
            throw SpyhopException.parameter("limit", "a number from 1 to " + PAGE_LINES_MAX + " is wanted");
        }
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private static <T> T answer(Query<T> query) {
        try {
            return query.run();
        } catch (SQLException e) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database of log-service is away", e);
        }
    }
}
