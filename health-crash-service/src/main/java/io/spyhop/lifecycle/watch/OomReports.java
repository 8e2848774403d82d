package io.spyhop.lifecycle.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Out-of-memory events that no container's lane has taken up yet. The engine tells of an OOM and of the end that it
 * caused on two ways, and under load the end may come first: who judges it waits here for a moment. Thread-safe.
 */
final class OomReports {
    /** How long the slower of the two may take on an idle machine. */
    private static final Duration GRACE = Duration.ofMillis(40);

    /** The same on a busy one, at most. */
    private static final Duration GRACE_MAX = Duration.ofMillis(300);

    /** How much longer the one may take than what is late of the other: a busy machine delays both. */
    private static final int LATER = 5;

    /** A container without a limit runs out of memory with its whole host alone: seldom, and many others know. */
    private static final Duration GRACE_WITHOUT_LIMIT = Duration.ofMillis(10);

    private final Map<String, CompletableFuture<Instant>> reports = new ConcurrentHashMap<>();

    /** The engine told of it just now. */
    void report(String container, Instant at) {
        reports.compute(container, (id, waiting) -> {
            if (waiting != null && waiting.complete(at)) {
                return waiting;
            }
            return CompletableFuture.completedFuture(at);
        });
    }

    /** The lane of the container has come to the event. */
    void taken(String container) {
        reports.computeIfPresent(container, (id, report) -> report.isDone() ? null : report);
    }

    /**
     * How long to wait for the event.
     *
     * @param limited whether the container's memory is limited
     * @param late how long the event of the end took to arrive
     */
    static Duration grace(boolean limited, Duration late) {
        if (!limited) {
            return GRACE_WITHOUT_LIMIT;
        }
        Duration grace = late.isNegative() ? GRACE : GRACE.plus(late.multipliedBy(LATER));
        return grace.compareTo(GRACE_MAX) < 0 ? grace : GRACE_MAX;
    }

    /** When a container ran out of memory, if an event tells so within the grace. */
    Optional<Instant> await(String container, Duration grace) throws InterruptedException {
        CompletableFuture<Instant> report = reports.computeIfAbsent(container, id -> new CompletableFuture<>());
        try {
            return Optional.of(report.get(grace.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            reports.remove(container, report);
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a report is never completed by a failure", e);
        }
    }
}
