package io.spyhop.ports.detect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.spyhop.engine.ListenWay;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What detection counts of itself. Thread-safe. */
@ApplicationScoped
class DetectMetrics {
    private final Map<ListenWay, Counter> looks = new EnumMap<>(ListenWay.class);
    private final Counter failed;
    private final Counter announced;
    private final Counter publishFailed;
    private final Timer round;

    @Inject
    DetectMetrics(MeterRegistry registry) {
        Arrays.stream(ListenWay.values())
                .forEach(way -> looks.put(way, registry.counter("spyhop_ports_looks", "way", way.wire())));
        failed = registry.counter("spyhop_ports_looks_failed");
        announced = registry.counter("spyhop_ports_announcements");
        publishFailed = registry.counter("spyhop_ports_publishes_failed");
        round = registry.timer("spyhop_ports_round");
    }

    /** A container was looked at. */
    void looked(ListenWay way) {
        Objects.requireNonNull(looks.get(way)).increment();
    }

    /** One could not be. */
    void lookFailed() {
        failed.increment();
    }

    /** The broker has a record. */
    void announced() {
        announced.increment();
    }

    /** The broker did not take one; it is sent again. */
    void publishFailed() {
        publishFailed.increment();
    }

    /** All containers of this machine were looked at. */
    void rounded(Duration took) {
        round.record(took);
    }
}
