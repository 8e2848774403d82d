package io.spyhop.gateway;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.AggregateQuery;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.Point;
import io.spyhop.contracts.metric.SamplePage;
import io.spyhop.contracts.metric.Series;
import io.spyhop.contracts.metric.SeriesAnswer;
import io.spyhop.contracts.metric.SeriesQuery;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stored figures in memory: one series of two points, two samples, and whatever was asked last. */
@ApplicationScoped
public class FakeMetrics implements MetricsApi {
    private volatile @Nullable SeriesQuery asked;
    private volatile @Nullable AggregateQuery askedAggregate;

    SeriesQuery asked() {
        return Objects.requireNonNull(asked);
    }

    AggregateQuery askedAggregate() {
        return Objects.requireNonNull(askedAggregate);
    }

    @Override
    public SeriesAnswer series(WorkloadId workload, SeriesQuery query) {
        asked = query;
        Series series = new Series(
                "cpuPct",
                "percent",
                0,
                null,
                List.of(new Point(1_764_000_000_000L, 1.5), new Point(1_764_000_900_000L, 2)));
        return new SeriesAnswer(query.from(), query.to(), 900, List.of(series));
    }

    @Override
    public SamplePage samples(WorkloadId workload, long fromMillis, long toMillis, int limit, @Nullable String cursor) {
        int index = cursor == null ? 0 : 1;
        SamplePage.Item item = new SamplePage.Item(
                Instant.ofEpochMilli(toMillis), index, "c0ffee", 1.5, limit, 64, true, null, null, null, null, 3L);
        return new SamplePage(List.of(item), cursor == null ? "more" : null);
    }

    @Override
    public SeriesAnswer aggregate(AggregateQuery query) {
        askedAggregate = query;
        Series series = new Series("memUsedMb", "MiB", null, "acme", List.of(new Point(1_764_000_000_000L, 1)));
        return new SeriesAnswer(query.range().from(), query.range().to(), 86_400, List.of(series));
    }
}
