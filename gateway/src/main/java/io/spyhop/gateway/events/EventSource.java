package io.spyhop.gateway.events;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.messaging.TopicAwayException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The topics of events: their live ends and their past. A position has an offset for each partition of the first topic, then
 * of the second, and so on. Thread-safe.
 */
interface EventSource extends AutoCloseable {
    /** Of all topics. */
    int PARTITIONS = 3 * Topic.PARTITIONS;

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
