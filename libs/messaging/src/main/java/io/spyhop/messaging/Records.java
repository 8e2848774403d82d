package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Makes {@link TopicRecord}s of what Kafka gives. */
final class Records {
    /** A record has no key. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String reason) {
            super(reason);
        }
    }

    private Records() {}

    /**
     * The record as handlers see it.
     *
     * @throws UnreadableException when it has no key
     */
    static TopicRecord of(ConsumerRecord<byte[], byte[]> raw) throws UnreadableException {
        return new TopicRecord(raw.topic(), raw.partition(), raw.offset(), keyOf(raw), headersOf(raw), raw.value());
    }

    /** A record's headers by name: the last of each. */
    static Function<String, byte @Nullable []> headersOf(ConsumerRecord<byte[], byte[]> raw) {
        Headers headers = raw.headers();
        return name -> {
            Header header = headers.lastHeader(name);
            return header == null ? null : header.value();
        };
    }

    /**
     * The key of a record.
     *
     * @throws UnreadableException when it has none
     */
    static RecordKey keyOf(ConsumerRecord<byte[], byte[]> raw) throws UnreadableException {
        byte[] key = raw.key();
        if (key == null || key.length == 0) {
            throw new UnreadableException("the record has no key");
        }
        return RecordKey.parse(new String(key, StandardCharsets.UTF_8));
    }

    /** What a record holds of memory, about. */
    static int bytesOf(ConsumerRecord<byte[], byte[]> raw) {
        return Math.max(0, raw.serializedKeySize()) + Math.max(0, raw.serializedValueSize());
    }
}
