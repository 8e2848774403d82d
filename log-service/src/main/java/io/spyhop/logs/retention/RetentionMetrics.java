package io.spyhop.logs.retention;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;

/** Counts what is removed. Thread-safe. */
@ApplicationScoped
class RetentionMetrics {
    private final MeterRegistry registry;

    @Inject
    RetentionMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Reason reason : Reason.values()) {
            removed(reason, Removed.NOTHING);
        }
    }

    /** Why lines are removed. */
    enum Reason {
        AGE,
        BUDGET,
        TOTAL,
        REQUEST
    }

    /** Lines were removed; the bytes are those of whole chunks. */
    final void removed(Reason reason, Removed removed) {
        String name = reason.name().toLowerCase(Locale.ROOT);
        registry.counter("spyhop_log_lines_removed", "reason", name).increment((double) removed.lines());
        registry.counter("spyhop_log_removed_bytes", "reason", name).increment((double) removed.bytes());
    }
}
