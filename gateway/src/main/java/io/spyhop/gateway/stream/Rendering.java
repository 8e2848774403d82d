package io.spyhop.gateway.stream;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How lines look on the wire. The hot path: bytes are copied and framed, never parsed as JSON. */
enum Rendering {
    /** Server-sent events, one a line, with its number as the id. */
    SSE {
        @Override
        void frame(Buffer out, byte[] ndjson, int from, int to, long number) {
            out.appendBytes(ID)
                    .appendString(Long.toString(number))
                    .appendBytes(DATA)
                    .appendBytes(ndjson, from, to - from)
                    .appendBytes(END);
        }
    },
    /** The rows as they are. */
    NDJSON {
        @Override
        void frame(Buffer out, byte[] ndjson, int from, int to, long number) {
            out.appendBytes(ndjson, from, to - from).appendByte(Rows.LINE_FEED);
        }
    },
    /** Server-sent events of an app stream: no id, because it cannot be resumed, and fewer levels. */
    APP {
        @Override
        void frame(Buffer out, byte[] ndjson, int from, int to, long number) {
            out.appendBytes(DATA_ONLY);
            int level = Rows.find(ndjson, LEVEL, from, to);
            int start = level < 0 ? -1 : level + LEVEL.length;
            int end = start < 0 ? -1 : Rows.indexOf(ndjson, (byte) '"', start, to);
            if (end < 0) {
                out.appendBytes(ndjson, from, to - from);
            } else {
                String name = new String(ndjson, start, end - start, StandardCharsets.US_ASCII);
                out.appendBytes(ndjson, from, start - from)
                        .appendString(appLevel(name))
                        .appendBytes(ndjson, end, to - end);
            }
            out.appendBytes(END);
        }
    };

    private static final byte[] ID = Rows.ascii("id: ");
    private static final byte[] DATA = Rows.ascii("\ndata: ");
    private static final byte[] DATA_ONLY = Rows.ascii("data: ");
    private static final byte[] END = Rows.ascii("\n\n");
    private static final byte[] NUMBER = Rows.ascii("{\"lineNo\":");
    // Stands before the message in every stored line, so that a message cannot be mistaken for it.
    private static final byte[] LEVEL = Rows.ascii("\"level\":\"");

    abstract void frame(Buffer out, byte[] ndjson, int from, int to, long number);

    /**
     * Frames every row.
     *
     * @param firstLine the number of the first row where the row itself does not tell
     */
    Lines render(byte[] ndjson, int count, long firstLine) {
        Buffer out = Buffer.buffer(ndjson.length + count * 24);
        long[] numbers = new long[count];
        int[] ends = new int[count];
        int rows = 0;
        int from = 0;
        while (from < ndjson.length && rows < count) {
            int to = Rows.end(ndjson, from);
            long expected = rows == 0 ? firstLine : numbers[rows - 1] + 1;
            numbers[rows] = numberOf(ndjson, from, to, expected);
            frame(out, ndjson, from, to, numbers[rows]);
            ends[rows++] = out.length();
            from = to + 1;
        }
        return rows == count
                ? new Lines(out, numbers, ends)
                : new Lines(out, Arrays.copyOf(numbers, rows), Arrays.copyOf(ends, rows));
    }

    private static long numberOf(byte[] ndjson, int from, int to, long otherwise) {
        int at = from + NUMBER.length;
        if (at >= to || !Arrays.equals(ndjson, from, at, NUMBER, 0, NUMBER.length)) {
            return otherwise;
        }
        long number = 0;
        int digits = 0;
        for (; at < to && ndjson[at] >= '0' && ndjson[at] <= '9' && digits < 18; at++, digits++) {
            number = number * 10 + (ndjson[at] - '0');
        }
        return digits == 0 ? otherwise : number;
    }

    private static String appLevel(String level) {
        return switch (level) {
            case "debug", "trace" -> "info";
            case "fatal" -> "error";
            default -> level;
        };
    }
}
