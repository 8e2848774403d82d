package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicRecord;
import io.spyhop.messaging.TopicTail;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines topic in Kafka. Thread-safe. A record that cannot be read is passed over: the store has its lines. */
final class LinesTail implements LineSource {
    private static final Logger LOGGER = LoggerFactory.getLogger(LinesTail.class);

    private final Consumer<LineBatch> arrived;
    private final TopicTail tail;

    LinesTail(KafkaConnection connection, Consumer<LineBatch> arrived) {
        this.arrived = arrived;
        this.tail = new TopicTail(connection, Topics.LINES, this::read);
    }

    @Override
    public CompletableFuture<Void> watch(int partition) {
        return tail.watch(partition);
    }

    @Override
    public void unwatch(int partition) {
        tail.unwatch(partition);
    }

    @Override
    public void close() {
        tail.close();
    }

    private void read(TopicRecord record) {
        try {
            WorkloadId workload = new WorkloadId(record.key().owner());
            arrived.accept(LineBatch.read(workload, record.header(), record.value()));
        } catch (IllegalArgumentException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("reason", e.toString())
                    .log("A record is not a batch of lines.");
        }
    }
}
