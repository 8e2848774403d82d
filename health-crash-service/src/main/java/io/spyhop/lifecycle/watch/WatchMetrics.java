package io.spyhop.lifecycle.watch;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Counts what watchers do, by host: hosts are few. Thread-safe. */
final class WatchMetrics {
    private static final String HOST = "host";

    private final MeterRegistry registry;

    WatchMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** An event of a watched container. */
    void event(String host) {
        registry.counter("spyhop_engine_events", HOST, host).increment();
    }

    /** A start was announced so long after it happened, by the engine's clock. */
    void announcedAfter(String host, Duration delay) {
        registry.timer("spyhop_start_to_record", HOST, host).record(delay.isNegative() ? Duration.ZERO : delay);
    }

    /** The engine took so long to tell of one container. */
    void inspected(String host, Duration time) {
        registry.timer("spyhop_engine_inspect", HOST, host).record(time);
    }

    /** Something that happened could not be recorded; the next comparison mends what it can. */
    void failure(String host) {
        registry.counter("spyhop_engine_events_failed", HOST, host).increment();
    }
}
