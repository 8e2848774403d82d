package io.spyhop.messaging;

import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Traces in the headers of records. A record without one costs a look at its headers. */
final class Traces {
    private Traces() {}

    /** Adds the current trace, unless the record brings one along. */
    static void write(Headers headers) {
        TraceContext current = CurrentTrace.get();
        if (current == null || headers.lastHeader(TraceContext.HEADER) != null) {
            return;
        }
        headers.add(TraceContext.HEADER, bytes(current.child().traceparent()));
        if (current.state() != null) {
            headers.add(TraceContext.STATE_HEADER, bytes(current.state()));
        }
    }

    /** The trace of a record, by its headers; null where it has none. */
    static @Nullable TraceContext read(Function<String, byte @Nullable []> header) {
        byte[] parent = header.apply(TraceContext.HEADER);
        if (parent == null) {
            return null;
        }
        byte[] state = header.apply(TraceContext.STATE_HEADER);
        return TraceContext.parse(text(parent), state == null ? null : text(state))
                .orElse(null);
    }

    /** The trace that all these records share; null where they do not. */
    static @Nullable TraceContext common(List<TopicRecord> batch) {
        TraceContext first = batch.getFirst().trace();
        if (first == null) {
            return null;
        }
        for (TopicRecord each : batch) {
            TraceContext trace = each.trace();
            if (trace == null || !trace.traceId().equals(first.traceId())) {
                return null;
            }
        }
        return first;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
