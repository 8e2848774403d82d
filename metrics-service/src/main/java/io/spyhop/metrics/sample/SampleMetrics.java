package io.spyhop.metrics.sample;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.EngineHosts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/** What sampling counts of itself, and what observing costs. Thread-safe. */
@ApplicationScoped
class SampleMetrics {
    private final Counter readByKernel;
    private final Counter readByApi;
    private final Counter sampledByKernel;
    private final Counter sampledByApi;
    private final Counter engineCallsFailed;
    private final Counter publishFailed;
    private final Counter dropped;
    private final Timer sweep;
    private final Timer slotLag;

    @Inject
    SampleMetrics(MeterRegistry registry) {
        readByKernel = registry.counter("spyhop_metrics_readings", "way", "kernel");
        readByApi = registry.counter("spyhop_metrics_readings", "way", "api");
        sampledByKernel = registry.counter("spyhop_metrics_samples", "way", "kernel");
        sampledByApi = registry.counter("spyhop_metrics_samples", "way", "api");
        engineCallsFailed = registry.counter("spyhop_metrics_engine_calls_failed");
        publishFailed = registry.counter("spyhop_metrics_publishes_failed");
        dropped = registry.counter("spyhop_metrics_samples_dropped");
        sweep = registry.timer("spyhop_metrics_sweep");
        slotLag = registry.timer("spyhop_metrics_slot_lag");
        FunctionCounter.builder("spyhop_engine_requests", this, self -> EngineHosts.requests())
                .description("Requests that this process has sent to engines, of all its services")
                .register(registry);
    }

    /** Counters were read; each reading by the API is one call of an engine. */
    void read(CounterWay way) {
        (way == CounterWay.KERNEL ? readByKernel : readByApi).increment();
    }

    /** A sample was made; so long after its slot began. */
    void sampled(CounterWay way, Duration lag) {
        (way == CounterWay.KERNEL ? sampledByKernel : sampledByApi).increment();
        slotLag.record(lag);
    }

    /** An engine did not tell. */
    void engineCallFailed() {
        engineCallsFailed.increment();
    }

    /** The broker did not take a record; it is sent again. */
    void publishFailed() {
        publishFailed.increment();
    }

    /** Usages were given up, for too many waited. */
    void dropped(int usages) {
        dropped.increment(usages);
    }

    /** A round was finished. */
    void swept(Duration took) {
        sweep.record(took);
    }
}
