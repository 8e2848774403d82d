package io.spyhop.engine.docker;

import io.spyhop.engine.EngineException;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogUnreadableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns the bytes of a log request with timestamps into lines. This is the hot path: nothing is allocated per line, and
 * a line that lies whole in the buffer is handed over from there.
 *
 * <p>Without a terminal the log is frames: a stream number, three zeros and the payload's length in four bytes, then the
 * payload. With one it is the payloads alone. A payload is a timestamp, a space and what the program wrote up to its
 * line end, or 16 KiB of it when the line is longer; the pieces of a line carry the same timestamp. Not thread-safe.
 */
final class LogFrameDecoder {
    /** Most containers are quiet, and there may be thousands: a buffer starts small. */
    private static final int BUFFER_BYTES_MIN = 8 * 1024;

    /** Holds three of the largest frames. */
    private static final int BUFFER_BYTES_MAX = 64 * 1024;

    private static final int HEADER_BYTES = 8;

    private final InputStream in;
    private boolean tty;
    private final LogTimestamp timestamp = new LogTimestamp();
    private final LineJoiner stdout;
    private final LineJoiner stderr;
    private byte[] buffer = new byte[BUFFER_BYTES_MIN];
    private int position;
    private int end;

    /** @param firstAtNanos the time of a first line whose timestamp cannot be read */
    LogFrameDecoder(InputStream in, boolean tty, long firstAtNanos, LogSink sink) {
        this.in = in;
        this.tty = tty;
        this.stdout = new LineJoiner(false, firstAtNanos, sink);
        this.stderr = new LineJoiner(true, firstAtNanos, sink);
    }

    /** Hands over lines until the end of the bytes; a half-joined line stays until {@link #finish}. */
    void decode() throws IOException, InterruptedException {
        // A frame begins with the number of its stream, a terminal's log with the year of a time: the bytes decide,
        // because a container is followed from its start, before anybody could ask whether it has a terminal.
        tty = tty || (fill(1) && buffer[position] >= '0' && buffer[position] <= '9');
        if (tty) {
            stdout.terminal();
            decodeTerminal();
        } else {
            decodeFrames();
        }
    }

    /** Hands over what is half joined. */
    void finish() throws InterruptedException {
        stdout.flush();
        stderr.flush();
    }

    private void decodeFrames() throws IOException, InterruptedException {
        while (fill(HEADER_BYTES)) {
            int type = buffer[position];
            int length = frameLength();
            position += HEADER_BYTES;
            if (type == 3) {
                throw engineError(length);
            }
            LineJoiner joiner = type == 2 ? stderr : stdout;
            if (length >= 0 && length <= BUFFER_BYTES_MAX) {
                if (!fill(length)) {
                    throw new EOFException("the log ended inside a frame");
                }
                payload(joiner, length);
                position += length;
            } else {
                largePayload(joiner, Integer.toUnsignedLong(length));
            }
        }
        if (position != end) {
            throw new EOFException("the log ended inside a frame's header");
        }
    }

    private int frameLength() throws IOException {
        if ((buffer[position] & ~3) != 0 || (buffer[position + 1] | buffer[position + 2] | buffer[position + 3]) != 0) {
            throw new IOException("not a log frame; is the container's terminal known?");
        }
        return (buffer[position + 4] & 0xff) << 24
                | (buffer[position + 5] & 0xff) << 16
                | (buffer[position + 6] & 0xff) << 8
                | (buffer[position + 7] & 0xff);
    }

    /** No engine is known to send such a frame; it is taken in pieces so that memory stays bounded. */
    private void largePayload(LineJoiner joiner, long length) throws IOException, InterruptedException {
        long left = length;
        while (left > 0) {
            int part = (int) Math.min(left, BUFFER_BYTES_MAX);
            if (!fill(part)) {
                throw new EOFException("the log ended inside a frame");
            }
            payload(joiner, part);
            position += part;
            left -= part;
        }
    }

    /** The engine's own words in place of a line. */
    private EngineException engineError(int length) throws IOException {
        int shown = Math.clamp(length, 0, 4096);
        fill(shown);
        String message = new String(buffer, position, Math.min(shown, end - position), StandardCharsets.UTF_8).strip();
        return message.contains(DockerTransport.UNREADABLE)
                ? new LogUnreadableException(message)
                : new EngineException("the engine cannot read the log: " + message, null);
    }

    /**
     * Cuts the bytes into the payloads that they were: each ends after a line end, or is a piece. The timestamp that
     * then stands in the middle of a long line is taken off like any other.
     */
    private void decodeTerminal() throws IOException, InterruptedException {
        int scanned = 0;
        while (true) {
            int limit = Math.min(end - position, LogTimestamp.TEXT_BYTES_MAX + LineJoiner.PIECE_BYTES);
            int lineEnd = LineJoiner.indexOfLineEnd(buffer, position + scanned, position + limit);
            boolean ended = lineEnd < position + limit;
            if (!ended && limit < LogTimestamp.TEXT_BYTES_MAX + LineJoiner.PIECE_BYTES) {
                scanned = limit;
                if (fill(limit + 1)) {
                    continue;
                }
                if (limit == 0) {
                    return;
                }
            }
            int content = timestamp.read(buffer, position, end, ' ') ? timestamp.end() - position : 0;
            int length = ended ? lineEnd + 1 - position : limit;
            length = Math.min(length, content + LineJoiner.PIECE_BYTES);
            payload(stdout, length);
            position += length;
            scanned = 0;
        }
    }

    private void payload(LineJoiner joiner, int length) throws InterruptedException {
        int from = position;
        int to = position + length;
        long at = joiner.at();
        if (timestamp.read(buffer, from, to, ' ')) {
            at = timestamp.nanos();
            from = timestamp.end();
        }
        joiner.payload(at, buffer, from, to);
    }

    /** Makes at least so many bytes lie in the buffer; false when the stream ends before. */
    private boolean fill(int bytes) throws IOException {
        if (end - position >= bytes) {
            return true;
        }
        if (bytes > buffer.length || (end == buffer.length && position == 0 && bytes < BUFFER_BYTES_MAX)) {
            buffer = Arrays.copyOf(buffer, Math.clamp(2L * Math.max(bytes, buffer.length), 0, BUFFER_BYTES_MAX));
        }
        if (position + bytes > buffer.length || position == end) {
            System.arraycopy(buffer, position, buffer, 0, end - position);
            end -= position;
            position = 0;
        }
        while (end - position < bytes) {
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
        return true;
    }
}
