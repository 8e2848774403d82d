package io.spyhop.logs.compaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What compaction counts, per merge. Thread-safe. */
@ApplicationScoped
class CompactionMetrics {
    private final Counter merges;
    private final Counter outrun;
    private final Counter chunks;
    private final Counter rawBytes;
    private final Counter storedBytes;
    private final Counter filterBytes;

    @Inject
    CompactionMetrics(MeterRegistry registry) {
        merges = registry.counter("spyhop_log_compactions");
        outrun = registry.counter("spyhop_log_compactions_outrun");
        chunks = registry.counter("spyhop_log_compacted_chunks");
        rawBytes = registry.counter("spyhop_log_compacted_raw_bytes");
        storedBytes = registry.counter("spyhop_log_compacted_stored_bytes");
        filterBytes = registry.counter("spyhop_log_compacted_filter_bytes");
    }

    /** So many chunks became one. */
    void merged(int count, PackedChunk merged) {
        merges.increment();
        chunks.increment(count);
        rawBytes.increment(merged.chunk().rawBytes());
        storedBytes.increment(merged.payload().length);
        if (merged.filter() != null) {
            filterBytes.increment(merged.filter().length);
        }
    }

    /** Another changed the chunks first: nothing was done. */
    void outrun() {
        outrun.increment();
    }
}
