package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Writes records: {@code acks=all}, idempotent, in order per partition. Thread-safe. At most 32 MiB wait for the broker,
 * for at most 30 s; a publish beyond that fails its future rather than block. Only the first publish to a topic may wait
 * until the broker is found, 2 s at most. A record carries the current trace, where there is one.
 *
 * <p>Futures complete on the publisher's own thread: what hangs on them must not block.
 */
public final class TopicPublisher implements AutoCloseable {
    private final KafkaConnection connection;
    private final Duration linger;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Object opening = new Object();
    private volatile @Nullable KafkaProducer<byte[], byte[]> producer;
    private volatile boolean closed;
    private volatile long lookedInVainAt = System.nanoTime() - Limits.TOPIC_LOOKUP_PAUSE.toNanos() - 1;

    /** Opens a publisher; the broker need not be there yet. */
    public TopicPublisher(KafkaConnection connection) {
        this(connection, Duration.ZERO);
    }

    /**
     * The same for records that nobody waits for.
     *
     * @param linger how long a record waits for others, to leave with them in one request
     */
    public TopicPublisher(KafkaConnection connection, Duration linger) {
        this.connection = connection;
        this.linger = linger;
        try {
            producer();
        } catch (KafkaException e) {
            // The broker's name does not resolve yet: the first publish tries again.
        }
    }

    /** Sends bytes as they are; completes when the broker has them, exceptionally when it will not have them. */
    public CompletableFuture<Void> publish(
            Topic topic, RecordKey key, byte @Nullable [] value, Map<String, byte[]> headers) {
        List<Header> all = new ArrayList<>(headers.size());
        headers.forEach((name, bytes) -> all.add(new RecordHeader(name, bytes)));
        return send(new ProducerRecord<>(
                topic.name(), key.partition(), key.text().getBytes(StandardCharsets.UTF_8), value, all));
    }

    /** Sends a record as JSON; null is a tombstone. */
    public CompletableFuture<Void> publishJson(Topic topic, RecordKey key, @Nullable Object value) {
        try {
            return publish(topic, key, value == null ? null : Json.write(value), Map.of());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Sends a record to the partition that it names. */
    CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> message) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            Traces.write(message.headers());
            KafkaProducer<byte[], byte[]> open = producer();
            meet(open, message.topic());
            var _ = open.send(message, (metadata, e) -> {
                if (e == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(e);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    /** Sends what waits (at most 5 s) and closes. */
    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> open;
        synchronized (opening) {
            closed = true;
            open = producer;
        }
        if (open != null) {
            open.close(Limits.CLOSE);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open != null) {
            return open;
        }
        synchronized (opening) {
            open = producer;
            if (closed) {
                throw new IllegalStateException("the publisher is closed");
            }
            if (open == null) {
                open = new KafkaProducer<>(ClientConfig.producer(connection, linger));
                producer = open;
            }
            return open;
        }
    }

    private void meet(KafkaProducer<byte[], byte[]> open, String topic) {
        if (known.contains(topic)) {
            return;
        }
        // After one patient look in vain others are hasty for a while: callers must go on while the broker is away.
        boolean patient = System.nanoTime() - lookedInVainAt > Limits.TOPIC_LOOKUP_PAUSE.toNanos();
        long until = System.nanoTime() + (patient ? Limits.TOPIC_LOOKUP.toNanos() : 0);
        while (true) {
            try {
                open.partitionsFor(topic);
                known.add(topic);
                return;
            } catch (TimeoutException e) {
                if (until - System.nanoTime() <= 0) {
                    lookedInVainAt = patient ? System.nanoTime() : lookedInVainAt;
                    throw e;
                }
            }
        }
    }
}
