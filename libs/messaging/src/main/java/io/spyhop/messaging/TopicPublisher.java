package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes records: {@code acks=all}, idempotent, in order per partition. Thread-safe. At most 32 MiB wait for the broker;
 * a publish beyond that fails its future rather than block.
 */
public final class TopicPublisher implements AutoCloseable {
    /** Opens a publisher; the broker need not be there yet. */
    public TopicPublisher(KafkaConnection connection) {}

    /** Sends bytes as they are; completes when the broker has them, exceptionally when it will not have them. */
    public CompletableFuture<Void> publish(
            Topic topic, RecordKey key, byte @Nullable [] value, Map<String, byte[]> headers) {
        throw new UnsupportedOperationException();
    }

    /** Sends a record as JSON; null is a tombstone. */
    public CompletableFuture<Void> publishJson(Topic topic, RecordKey key, @Nullable Object value) {
        throw new UnsupportedOperationException();
    }

    /** Sends what waits (at most 5 s) and closes. */
    @Override
    public void close() {}
}
