package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import java.time.Duration;
import java.util.Collection;

/** Creates topics as they are declared. Stateless. */
public final class TopicAdmin {
    private TopicAdmin() {}

    /**
     * Creates the topics that are missing, and adapts cleanup and retention of those that are there. Waits for a broker
     * that is not there yet.
     *
     * @throws IllegalStateException when a topic has another number of partitions than {@link Topic#PARTITIONS}, or no
     *     broker answered in time
     */
    public static void ensure(KafkaConnection connection, Collection<Topic> topics, Duration timeout) {
        throw new UnsupportedOperationException();
    }
}
