package io.spyhop.gateway.scrape;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Figures of scrapes. Thread-safe. */
@ApplicationScoped
class ScrapeMetrics {
    private final Counter failures;

    @Inject
    ScrapeMetrics(MeterRegistry registry) {
        this.failures = Counter.builder("spyhop.scrape.failures")
                .description("Scrapes that were answered without containers, because metrics-service was away")
                .register(registry);
    }

    void failed() {
        failures.increment();
    }
}
