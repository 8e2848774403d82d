package io.spyhop.engine.docker;

import io.spyhop.engine.ExecSink;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Turns the bytes of a command's output into lines. They are frames as those of a log, but without timestamps, and what a frame holds
 * ends wherever the command's write did. A line bears the time at which its end was read. Memory is bounded by the longest line that
 * is kept whole, for each of the two streams. Not thread-safe.
 */
final class ExecFrameDecoder {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int HEADER_BYTES = 8;

    private final InputStream in;
    private final Clock clock;
    private final ExecSink sink;
    private final LineJoiner stdout;
    private final LineJoiner stderr;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] header = new byte[HEADER_BYTES];

    ExecFrameDecoder(InputStream in, Clock clock, ExecSink sink) {
        this.in = in;
        this.clock = clock;
        this.sink = sink;
        this.stdout = new LineJoiner(false, 0, sink);
        this.stderr = new LineJoiner(true, 0, sink);
    }

    /** Hands over lines until the end of the bytes; lines without an end too. */
    void decode() throws IOException, InterruptedException {
        int headerBytes = 0;
        long left = 0;
        LineJoiner joiner = stdout;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            long at = ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
            int from = 0;
            while (from < read) {
                if (left > 0) {
                    int part = (int) Math.min(left, read - from);
                    lines(joiner, at, from, from + part);
                    left -= part;
                    from += part;
                    continue;
                }
                header[headerBytes++] = buffer[from++];
                if (headerBytes == HEADER_BYTES) {
                    headerBytes = 0;
                    joiner = header[0] == 2 ? stderr : stdout;
                    left = frameLength();
                }
            }
            sink.drained();
        }
        if (headerBytes > 0 || left > 0) {
            throw new EOFException("the output ended inside a frame");
        }
        stdout.flush();
        stderr.flush();
        sink.drained();
    }

    private long frameLength() throws IOException {
        if ((header[0] & ~3) != 0 || (header[1] | header[2] | header[3]) != 0) {
            throw new IOException("not a frame of output");
        }
        return (header[4] & 0xffL) << 24 | (header[5] & 0xffL) << 16 | (header[6] & 0xffL) << 8 | (header[7] & 0xffL);
    }

    private void lines(LineJoiner joiner, long at, int from, int to) throws InterruptedException {
        int next = from;
        while (next < to) {
            int end = Math.min(LineJoiner.indexOfLineEnd(buffer, next, to) + 1, to);
            joiner.fragment(at, buffer, next, end);
            next = end;
        }
    }
}
