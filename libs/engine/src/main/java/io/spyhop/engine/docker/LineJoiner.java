package io.spyhop.engine.docker;

import io.spyhop.engine.LogSink;
import java.util.Arrays;

/**
 * Makes lines of one stream's payloads. A payload is what a program wrote up to its line end, or 16 KiB of it when the
 * line is longer; the pieces of a line carry the same timestamp. A line that came in one is handed over from the caller's
 * buffer. Not thread-safe.
 */
final class LineJoiner {
    /** What the engine reads of a line at once; a payload of this size without a line end is a piece. */
    static final int PIECE_BYTES = 16 * 1024;

    private static final byte[] NOTHING = {};

    private final boolean error;
    private final LogSink sink;
    private boolean terminal;
    private long at;
    private boolean open;
    private byte[] bytes = NOTHING;
    private int length;

    /** @param firstAtNanos {@link #at} before the first payload */
    LineJoiner(boolean error, long firstAtNanos, LogSink sink) {
        this.error = error;
        this.at = firstAtNanos;
        this.sink = sink;
    }

    /** The place of the next line end; the end where there is none. */
    static int indexOfLineEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return to;
    }

    /** Lines end with a carriage return and a line feed from now on. */
    void terminal() {
        terminal = true;
    }

    /** The time of the last payload. */
    long at() {
        return at;
    }

    /** The next payload, with its line end. */
    void payload(long atNanos, byte[] buffer, int from, int to) throws InterruptedException {
        boolean piece = to - from >= PIECE_BYTES && buffer[to - 1] != '\n';
        if (open && atNanos != at) {
            flush();
        }
        at = atNanos;
        if (piece || open) {
            append(buffer, from, to, piece);
        } else if (from < to) {
            sink.line(error, at, buffer, from, withoutLineEnd(buffer, from, to) - from, false);
        }
    }

    /**
     * The next bytes of a stream that is cut anywhere: the rest of a line with its line end, or some of it. A line's time is that of its
     * end.
     */
    void fragment(long atNanos, byte[] buffer, int from, int to) throws InterruptedException {
        boolean more = buffer[to - 1] != '\n';
        at = atNanos;
        if (more || open) {
            append(buffer, from, to, more);
        } else {
            sink.line(error, at, buffer, from, withoutLineEnd(buffer, from, to) - from, false);
        }
    }

    /** Hands over what is half joined. */
    void flush() throws InterruptedException {
        if (open) {
            open = false;
            int complete = length;
            length = 0;
            sink.line(error, at, bytes, 0, complete, false);
            if (bytes.length > 4 * PIECE_BYTES) {
                bytes = NOTHING;
            }
        }
    }

    private void append(byte[] buffer, int from, int to, boolean more) throws InterruptedException {
        open = true;
        int lineEnd = more ? to : withoutLineEnd(buffer, from, to);
        int next = from;
        while (length + (lineEnd - next) > LogSink.LINE_BYTES_MAX) {
            int part = LogSink.LINE_BYTES_MAX - length;
            copy(buffer, next, part);
            next += part;
            sink.line(error, at, bytes, 0, length, true);
            length = 0;
        }
        copy(buffer, next, lineEnd - next);
        if (!more) {
            // The line end itself may have been cut in two.
            boolean carriageReturn = terminal && lineEnd == from && lineEnd < to && bytes[length - 1] == '\r';
            length -= carriageReturn ? 1 : 0;
            flush();
        }
    }

    private int withoutLineEnd(byte[] buffer, int from, int to) {
        int lineEnd = to;
        if (lineEnd > from && buffer[lineEnd - 1] == '\n') {
            lineEnd--;
            if (terminal && lineEnd > from && buffer[lineEnd - 1] == '\r') {
                lineEnd--;
            }
        }
        return lineEnd;
    }

    private void copy(byte[] buffer, int from, int count) {
        if (length + count > bytes.length) {
            int wanted = Math.max(length + count, 2 * bytes.length);
            bytes = Arrays.copyOf(bytes, Math.clamp(wanted, 4 * PIECE_BYTES, LogSink.LINE_BYTES_MAX));
        }
        System.arraycopy(buffer, from, bytes, length, count);
        length += count;
    }
}
