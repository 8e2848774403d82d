package io.spyhop.gateway.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.IntSupplier;

/** Figures of the audit. Thread-safe. */
@ApplicationScoped
class AuditMetrics {
    private final MeterRegistry registry;
    private final Counter written;
    private final Counter lost;
    private final Counter unknown;

    @Inject
    AuditMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.written = Counter.builder("spyhop.audit.rows")
                .description("Rows written about requests that change something")
                .register(registry);
        this.lost = Counter.builder("spyhop.audit.rows.lost")
                .description("Rows that were not written because the database was away for too long")
                .register(registry);
        this.unknown = Counter.builder("spyhop.audit.rows.left.out")
                .description("Refused requests of nobody known that were too many to write down")
                .register(registry);
    }

    void written(int rows) {
        written.increment(rows);
    }

    void lost(int rows) {
        lost.increment(rows);
    }

    void leftOut() {
        unknown.increment();
    }

    void waiting(IntSupplier now) {
        Gauge.builder("spyhop.audit.rows.waiting", now::getAsInt)
                .description("Rows that wait for the database")
                .register(registry);
    }
}
