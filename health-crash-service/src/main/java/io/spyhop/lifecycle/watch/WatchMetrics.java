package io.spyhop.lifecycle.watch;

import io.micrometer.core.instrument.MeterRegistry;

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

    /** Something that happened could not be recorded; the next comparison mends what it can. */
    void failure(String host) {
        registry.counter("spyhop_engine_events_failed", HOST, host).increment();
    }
}
