package io.spyhop.metrics;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.AggregateQuery;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.SamplePage;
import io.spyhop.contracts.metric.SeriesAnswer;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.metrics.history.HistoryReader;
import io.spyhop.metrics.history.SampleReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Answers the gateway's questions for stored figures. */
@ApplicationScoped
@RunOnVirtualThread
public class MetricsResource implements MetricsApi {
    private final HistoryReader history;
    private final SampleReader samples;

    @Inject
    MetricsResource(HistoryReader history, SampleReader samples) {
        this.history = history;
        this.samples = samples;
    }

    @Override
    public SeriesAnswer series(WorkloadId workload, SeriesQuery query) {
        return answer(() -> history.series(workload, query, Instant.now()));
    }

    @Override
    public SamplePage samples(WorkloadId workload, long fromMillis, long toMillis, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > SAMPLES_MAX) {
            throw SpyhopException.parameter("limit", "a number from 1 to " + SAMPLES_MAX + " is wanted");
        }
        return answer(() -> samples.page(workload, fromMillis, toMillis, limit, cursor));
    }

    @Override
    public SeriesAnswer aggregate(AggregateQuery query) {
        return answer(() -> history.aggregate(query, Instant.now()));
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private static <T> T answer(Query<T> query) {
        try {
            return query.run();
        } catch (SQLException e) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database of metrics-service is away", e);
        }
    }
}
