package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecentBatchesTest {
    private static final WorkloadId WORKLOAD = new WorkloadId("shop");

    private final FakeStore store = new FakeStore();

    @Test
    void shouldForgetRecentBatchesWhenTheyAreOldOrTooMany() {
        // Given
        Feed feed = new Feed(WORKLOAD, new Pages(store, WORKLOAD), CompletableFuture.completedFuture(null));
        RecentBatches few = new RecentBatches(300_000, Duration.ZERO);
        List<LiveBatch> batches = LongStream.range(0, 30)
                .mapToObj(i -> LiveBatch.of(store.store(WORKLOAD, 100), false))
                .toList();

        // When
        batches.forEach(batch -> few.add(feed, batch));

        // Then
        LiveBatch oldest = Objects.requireNonNull(feed.above(0));
        assertThat(oldest.firstLine()).isGreaterThan(1);
        assertThat(batches.stream()
                        .filter(batch -> batch.firstLine() >= oldest.firstLine())
                        .mapToInt(LiveBatch::weight)
                        .sum())
                .isBetween(300_000 - oldest.weight(), 300_000);
        assertThat(few.isEmpty()).isFalse();
        few.expire();
        assertThat(feed.above(0)).isNull();
        assertThat(few.isEmpty()).isTrue();
    }
}
