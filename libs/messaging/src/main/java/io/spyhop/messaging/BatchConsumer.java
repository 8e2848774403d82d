package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.trace.CurrentTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic as a consumer group, batch by batch, at least once: a batch is committed after the handler returned. A
 * record whose handling throws {@link PoisonException} alone is set aside on the dead-letter topic and the batch goes on:
 * the handler gets the rest of it anew. Any other exception makes the batch come again after a pause. Thread-safe.
 */
public final class BatchConsumer implements AutoCloseable {
    /** Handles the records of one poll, in order per partition. May block. */
    @FunctionalInterface
    public interface Handler {
        /** Must be idempotent. The current trace is the one that all records share; each knows its own. */
        void handle(List<TopicRecord> batch) throws InterruptedException;
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(BatchConsumer.class);

    private final Topic topic;
    private final Duration poll;
    private final Handler handler;
    private final DeadLetters deadLetters;
    private final PollLoop loop;
    private final Backoff backoff = new Backoff();

    /** Prepares a consumer; nothing is read before {@link #start}. */
    public BatchConsumer(KafkaConnection connection, Topic topic, Handler handler) {
        this.topic = topic;
        this.poll = connection.poll();
        this.handler = handler;
        String group = ClientConfig.batchGroup(connection, topic);
        this.deadLetters = new DeadLetters(connection, group);
        this.loop = new PollLoop(
                group, topic.name(), () -> new KafkaConsumer<>(ClientConfig.member(connection, group)), this::consume);
    }

    /** Joins the group and begins to read, on a thread of its own. */
    public void start() {
        loop.start();
    }

    /** How many records were set aside since the start. */
    public long poisonCount() {
        return deadLetters.count();
    }

    /** Finishes the batch in hand, commits and leaves the group. */
    @Override
    public void close() {
        loop.close();
        deadLetters.close();
    }

    private void consume(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        consumer.subscribe(List.of(topic.name()));
        while (loop.running()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(poll);
            loop.worked();
            if (!records.isEmpty()) {
                handleOrRewind(consumer, records);
            }
        }
    }

    private void handleOrRewind(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records)
            throws InterruptedException {
        try {
            handle(records);
            backoff.reset();
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("count", records.count())
                    .setCause(e)
                    .log("A batch could not be handled; it comes again.");
            rewind(consumer, records);
            loop.pause(backoff.next());
            return;
        }
        commit(consumer);
    }

    /** Handles a batch, again without each record that proves to be poison: at most once more than it has records. */
    private void handle(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        Map<TopicRecord, ConsumerRecord<byte[], byte[]>> raw = new HashMap<>();
        List<TopicRecord> batch = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> each : records) {
            try {
                TopicRecord readable = Records.of(each);
                raw.put(readable, each);
                batch.add(readable);
            } catch (Records.UnreadableException e) {
                deadLetters.setAside(topic, each, e);
            }
        }
        while (!batch.isEmpty()) {
            try {
                List<TopicRecord> copy = List.copyOf(batch);
                CurrentTrace.run(Traces.common(copy), () -> handler.handle(copy));
                return;
            } catch (PoisonException e) {
                ConsumerRecord<byte[], byte[]> poison = raw.get(e.record());
                if (poison == null || !batch.remove(e.record())) {
                    throw new IllegalStateException("the handler named a record that is not in its batch", e);
                }
                deadLetters.setAside(topic, poison, e);
            }
        }
    }

    private static void rewind(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        // No poll came between, so what was assigned then is assigned now.
        for (TopicPartition partition : records.partitions()) {
            consumer.seek(partition, records.records(partition).getFirst().offset());
        }
    }

    private void commit(Consumer<byte[], byte[]> consumer) {
        try {
            consumer.commitSync(Limits.COMMIT);
        } catch (WakeupException e) {
            // Closing began meanwhile; the batch in hand is still to be committed.
            commit(consumer);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // The broker is away, or the share moved: the batch comes again, here or elsewhere, or the next commit
            // holds for it too.
            LOGGER.atDebug().addKeyValue("topic", topic.name()).setCause(e).log("Could not commit a batch.");
        }
    }
}
