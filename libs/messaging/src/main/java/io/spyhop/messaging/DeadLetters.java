package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a group sets aside the records that it can never handle: as they were, on the same partition number of a topic of
 * their own, with headers that say whence and why. The topic and the connection are made on first use. Used by one
 * thread, but for {@link #count} and {@link #close}.
 */
final class DeadLetters implements AutoCloseable {
    /** The headers that are added. */
    static final String FROM_HEADER = "spyhop-from";

    static final String REASON_HEADER = "spyhop-reason";

    private static final Logger LOGGER = LoggerFactory.getLogger(DeadLetters.class);
    private static final int REASON_LENGTH_MAX = 1000;

    private final KafkaConnection connection;
    private final String group;
    private final Set<String> ensured = new HashSet<>();
    private final LongAdder count = new LongAdder();
    private volatile @Nullable TopicPublisher publisher;

    DeadLetters(KafkaConnection connection, String group) {
        this.connection = connection;
        this.group = group;
    }

    /**
     * Stores a record; returns when the broker has it.
     *
     * @throws IllegalStateException when it could not be stored in time
     */
    void setAside(Topic topic, ConsumerRecord<byte[], byte[]> poison, Throwable reason) throws InterruptedException {
        Topic deadLetters = Topics.deadLetters(topic, group);
        if (!ensured.contains(deadLetters.name())) {
            TopicAdmin.ensure(connection, List.of(deadLetters), Limits.DEAD_LETTER);
            ensured.add(deadLetters.name());
        }
        try {
            send(deadLetters, poison, poison.value(), reason);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof RecordTooLargeException)) {
                throw new IllegalStateException("a poison record could not be set aside", e.getCause());
            }
            sendWithoutValue(deadLetters, poison, reason);
        }
        count.increment();
        // The reason may quote the record, which may hold anything: only its kind is logged.
        LOGGER.atWarn()
                .addKeyValue("topic", poison.topic())
                .addKeyValue("partition", poison.partition())
                .addKeyValue("error", reason.getClass().getSimpleName())
                .log("Set a record aside that cannot be handled.");
    }

    /** How many were set aside. */
    long count() {
        return count.sum();
    }

    @Override
    public void close() {
        TopicPublisher open = publisher;
        if (open != null) {
            open.close();
        }
    }

    private void sendWithoutValue(Topic deadLetters, ConsumerRecord<byte[], byte[]> poison, Throwable reason)
            throws InterruptedException {
        try {
            send(deadLetters, poison, null, reason);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a poison record could not be set aside", e.getCause());
        }
    }

    private void send(
            Topic deadLetters, ConsumerRecord<byte[], byte[]> poison, byte @Nullable [] value, Throwable reason)
            throws InterruptedException, ExecutionException {
        List<Header> headers = new ArrayList<>(List.of(poison.headers().toArray()));
        headers.add(header(FROM_HEADER, poison.topic() + "/" + poison.partition() + "/" + poison.offset()));
        headers.add(header(REASON_HEADER, reasonOf(reason)));
        CompletableFuture<Void> sent = publisher()
                .send(new ProducerRecord<>(deadLetters.name(), poison.partition(), poison.key(), value, headers));
        try {
            sent.get(Limits.DEAD_LETTER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException(e);
        }
    }

    private static String reasonOf(Throwable reason) {
        String text = String.valueOf(reason.getMessage());
        return text.length() <= REASON_LENGTH_MAX ? text : text.substring(0, REASON_LENGTH_MAX);
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private TopicPublisher publisher() {
        TopicPublisher open = publisher;
        if (open == null) {
            open = new TopicPublisher(connection);
            publisher = open;
        }
        return open;
    }
}
