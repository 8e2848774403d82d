package io.spyhop.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.IntSupplier;

/** Figures of the streams. Thread-safe. */
@ApplicationScoped
class StreamMetrics {
    private final MeterRegistry registry;
    private final Counter catchUps;
    private final Counter storeFailures;
    private final Counter droppedLines;

    @Inject
    StreamMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.catchUps = Counter.builder("spyhop.stream.catch.ups")
                .description("Times a subscriber was sent to the store for what it missed")
                .register(registry);
        this.storeFailures = Counter.builder("spyhop.stream.store.failures")
                .description("Requests to the store that failed and were repeated")
                .register(registry);
        this.droppedLines = Counter.builder("spyhop.stream.dropped.lines")
                .description("Lines that app streams dropped because their client was slow")
                .register(registry);
    }

    void caughtUp() {
        catchUps.increment();
    }

    void storeAway() {
        storeFailures.increment();
    }

    double storeFailures() {
        return storeFailures.count();
    }

    void dropped(long lines) {
        droppedLines.increment((double) lines);
    }

    void subscribers(IntSupplier now) {
        Gauge.builder("spyhop.stream.subscribers", now::getAsInt)
                .description("Open streams of lines and events, downloads, and searches")
                .register(registry);
    }
}
