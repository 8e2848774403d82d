package io.spyhop.lifecycle.probe;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts probes. Thread-safe. */
@ApplicationScoped
class ProbeMetrics {
    private final MeterRegistry registry;

    @Inject
    ProbeMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A container was asked, and answered or not. */
    void asked(Answer answer) {
        registry.timer("spyhop_probe", "way", answer.way().wire(), "ok", Boolean.toString(answer.ok()))
                .record(answer.latency());
    }

    /** The database was away for so long that a probe is not stored. */
    void dropped() {
        registry.counter("spyhop_probes_dropped").increment();
    }
}
