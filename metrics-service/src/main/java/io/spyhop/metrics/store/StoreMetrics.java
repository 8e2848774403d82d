package io.spyhop.metrics.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts what is stored and what is not. Thread-safe. */
@ApplicationScoped
class StoreMetrics {
    private final Counter stored;
    private final Counter repeated;
    private final Counter outdated;
    private final Counter late;

    @Inject
    StoreMetrics(MeterRegistry registry) {
        stored = registry.counter("spyhop_metrics_samples_stored");
        repeated = registry.counter("spyhop_metrics_samples_repeated");
        outdated = registry.counter("spyhop_metrics_samples_outdated");
        late = registry.counter("spyhop_metrics_late_buckets");
    }

    /** A batch was stored. */
    void stored(SampleStore.Outcome outcome) {
        stored.increment(outcome.stored());
        repeated.increment(outcome.repeated());
        outdated.increment(outcome.outdated());
    }

    /** So many buckets were rolled up again. */
    void late(int buckets) {
        late.increment(buckets);
    }
}
