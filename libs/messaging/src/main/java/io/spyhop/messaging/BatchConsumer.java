package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import java.util.List;

/**
 * Reads a topic as a consumer group, batch by batch, at least once: a batch is committed after the handler returned. A
 * record whose handling throws {@link PoisonException} alone is set aside on the dead-letter topic and the batch goes on.
 * Any other exception makes the batch come again after a pause. Thread-safe.
 */
public final class BatchConsumer implements AutoCloseable {
    /** Handles the records of one poll, in order per partition. May block. */
    @FunctionalInterface
    public interface Handler {
        /** Must be idempotent. */
        void handle(List<TopicRecord> batch) throws InterruptedException;
    }

    /** Prepares a consumer; nothing is read before {@link #start}. */
    public BatchConsumer(KafkaConnection connection, Topic topic, Handler handler) {}

    /** Joins the group and begins to read, on a thread of its own. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** Finishes the batch in hand, commits and leaves the group. */
    @Override
    public void close() {}
}
