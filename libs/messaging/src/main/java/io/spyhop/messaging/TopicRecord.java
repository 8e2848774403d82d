package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.trace.TraceContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One record as it was read.
 *
 * @param header gives a header's bytes by name, null where there is none
 * @param value null for a tombstone
 */
public record TopicRecord(
        String topic,
        int partition,
        long offset,
        RecordKey key,
        Function<String, byte @Nullable []> header,
        @SuppressWarnings("ArrayRecordComponent") byte @Nullable [] value) {
    /** The trace of whoever wrote the record; null where there is none. */
    public @Nullable TraceContext trace() {
        return Traces.read(header);
    }
}
