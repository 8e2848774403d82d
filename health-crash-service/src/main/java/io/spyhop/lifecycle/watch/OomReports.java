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
    /** How long the slower of the two may take. */
    private static final Duration GRACE = Duration.ofMillis(300);

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

    /** When a container ran out of memory, if an event tells so within a moment. */
    Optional<Instant> await(String container) throws InterruptedException {
        CompletableFuture<Instant> report = reports.computeIfAbsent(container, id -> new CompletableFuture<>());
        try {
            return Optional.of(report.get(GRACE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            reports.remove(container, report);
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a report is never completed by a failure", e);
        }
    }
}
