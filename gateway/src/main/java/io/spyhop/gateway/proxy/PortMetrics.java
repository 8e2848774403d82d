package io.spyhop.gateway.proxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.IntSupplier;

/** Figures of port hosts. Thread-safe. */
@ApplicationScoped
class PortMetrics {
    private final MeterRegistry registry;
    private final Counter forwarded;
    private final Counter refused;
    private final Counter failed;

    @Inject
    PortMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.forwarded = counter("forwarded", "Requests that went to a container");
        this.refused = counter("refused", "Requests that went to no container: by whom they were, or where they led");
        this.failed = counter("failed", "Requests that a container did not answer");
    }

    private Counter counter(String what, String description) {
        return Counter.builder("spyhop.port.requests." + what)
                .description(description)
                .register(registry);
    }

    void forwarded() {
        forwarded.increment();
    }

    void refused() {
        refused.increment();
    }

    void failed() {
        failed.increment();
    }

    void open(IntSupplier now) {
        Gauge.builder("spyhop.port.open", now::getAsInt)
                .description("Requests and WebSockets to containers that are under way")
                .register(registry);
    }
}
