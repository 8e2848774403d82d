package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Reads the live end of chosen partitions of a topic, without a group and without positions: what was written while
 * nobody listened is not seen here, and a broken broker may cost records. Readers notice gaps by numbers. Thread-safe.
 */
public final class TopicTail implements AutoCloseable {
    /**
     * Prepares a tail; no partition is read before it is watched.
     *
     * @param handler called on the tail's own thread; must not block
     */
    public TopicTail(KafkaConnection connection, Topic topic, Consumer<TopicRecord> handler) {}

    /**
     * Reads a partition from now on; counted, so that as many {@link #unwatch} calls end it. Completes once every record
     * written afterwards will be seen; while the broker is away it completes when the broker is back.
     */
    public CompletableFuture<Void> watch(int partition) {
        throw new UnsupportedOperationException();
    }

    /** Ends one {@link #watch} of the partition. */
    public void unwatch(int partition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
