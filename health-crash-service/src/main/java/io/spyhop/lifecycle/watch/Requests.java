package io.spyhop.lifecycle.watch;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.StopTimeout;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The signals that were sent to a container through the engine, and whether one of them asked for its end. One that was sent
 * long before does not count: it was obeyed otherwise, or not at all. Confined to the container's lane.
 */
final class Requests {
    static final int SIGKILL = 9;
    static final int SIGTERM = 15;

    /** What the engine waits between a request to stop and the kill, where nothing else is said. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** How long the end may take after the kill: a busy kernel needs some time, a busy engine to tell of it too. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final Map<Integer, Instant> sent = new HashMap<>();
    private @Nullable Integer stopSignal;
    private Duration stopTimeout = STOP_TIMEOUT;

    /** Learns what the container understands as a request, and for how long one is patient with it. */
    void learn(ContainerDetails container) {
        stopSignal = container.stopSignal();
        Duration own = container.setup().stopTimeout();
        Duration labelled = StopTimeout.of(container.labels()).orElse(Duration.ZERO);
        stopTimeout = longer(own == null ? STOP_TIMEOUT : own, labelled);
    }

    void sent(int signal, Instant at) {
        sent.merge(signal, at, (one, other) -> one.isAfter(other) ? one : other);
    }

    void forget() {
        sent.clear();
    }

    /** Forgets what was sent to former lives. */
    void forgetBefore(Instant at) {
        sent.values().removeIf(sentAt -> sentAt.isBefore(at));
    }

    /** Whether an end at this time was asked for. */
    boolean askedFor(Instant end) {
        return counts(SIGTERM, end) || counts(SIGKILL, end) || (stopSignal != null && counts(stopSignal, end));
    }

    /** Whether a kill was sent that explains an end at this time. */
    boolean killed(Instant end) {
        return counts(SIGKILL, end);
    }

    private boolean counts(int signal, Instant end) {
        Instant at = sent.get(signal);
        return at != null && !at.plus(stopTimeout).plus(SLACK).isBefore(end);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
