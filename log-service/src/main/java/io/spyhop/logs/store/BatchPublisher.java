package io.spyhop.logs.store;

import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.logs.LogConnections;
import io.spyhop.logs.LogMetrics;
import io.spyhop.messaging.TopicPublisher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Publishes stored batches. Best effort: whoever misses one sees so at the next number, and reads it from the store.
 */
@ApplicationScoped
public class BatchPublisher {
    private final TopicPublisher publisher;
    private final LogMetrics metrics;

    @Inject
    BatchPublisher(LogConnections connections, LogMetrics metrics) {
        this.publisher = connections.publisher();
        this.metrics = metrics;
    }

    /** Sends a stored batch, without waiting. */
    public void publish(LineBatch batch) {
        var _ = publisher
                .publish(Topics.LINES, RecordKey.of(batch.workload()), batch.publishedPayload(), batch.headers())
                .whenComplete((sent, e) -> {
                    if (e != null) {
                        metrics.publishFailed();
                    }
                });
    }
}
