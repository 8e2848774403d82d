package io.spyhop.gateway.events;

import io.spyhop.messaging.TopicAwayException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The transitions topic: its live end and its past. Thread-safe. */
interface EventSource extends AutoCloseable {
    /** Begins to hand on what is written; completes once everything written afterwards will be. */
    CompletableFuture<Void> watch();

    /** Ends that. */
    void unwatch();

    /**
     * The position after the last record.
     *
     * @throws TopicAwayException when no broker answers
     */
    List<Long> end() throws InterruptedException;

    /**
     * Some records from a position on.
     *
     * @throws TopicAwayException when no broker answers
     */
    Past read(List<Long> from) throws InterruptedException;

    @Override
    void close();

    /**
     * Some records.
     *
     * @param next where to go on
     * @param complete whether the end was reached
     * @param passedOver whether records before these are no longer held
     */
    record Past(List<Event> events, List<Long> next, boolean complete, boolean passedOver) {}
}
