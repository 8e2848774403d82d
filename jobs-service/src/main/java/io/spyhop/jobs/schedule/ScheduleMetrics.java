package io.spyhop.jobs.schedule;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts times of schedules. Thread-safe. */
@ApplicationScoped
class ScheduleMetrics {
    private final MeterRegistry registry;

    @Inject
    ScheduleMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A run was made for a time. */
    void claimed() {
        registry.counter("spyhop_job_times_claimed").increment();
    }

    /** Times passed without a run. */
    void missed(int count) {
        registry.counter("spyhop_job_times_missed").increment(count);
    }
}
