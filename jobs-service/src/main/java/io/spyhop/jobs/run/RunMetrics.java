package io.spyhop.jobs.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.spyhop.contracts.job.RunStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** What is counted about runs. Thread-safe. */
@ApplicationScoped
class RunMetrics {
    private final MeterRegistry registry;
    private final Map<RunStatus, Counter> ended = new EnumMap<>(RunStatus.class);

    @Inject
    RunMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (RunStatus status : RunStatus.values()) {
            if (status.ended()) {
                ended.put(
                        status,
                        Counter.builder("spyhop_runs_ended")
                                .description("Runs that ended")
                                .tag("status", status.wire())
                                .register(registry));
            }
        }
    }

    void ended(RunStatus status) {
        Counter counter = ended.get(status);
        if (counter != null) {
            counter.increment();
        }
    }

    void running(Supplier<Number> count) {
        Gauge.builder("spyhop_runs_running", count)
                .description("Runs that this replica executes")
                .register(registry);
    }
}
