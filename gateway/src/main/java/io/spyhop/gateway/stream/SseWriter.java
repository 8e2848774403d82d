package io.spyhop.gateway.stream;

import io.vertx.core.buffer.Buffer;

/** Writes server-sent events. A large event may be cut into several writes: the client sees one stream of bytes. */
final class SseWriter implements LineWriter {
    private final SseConnection connection;
    private final Rendering rendering;

    SseWriter(SseConnection connection, Rendering rendering) {
        this.connection = connection;
        this.rendering = rendering;
    }

    @Override
    public Rendering rendering() {
        return rendering;
    }

    @Override
    public void write(Lines lines, int from) throws InterruptedException {
        int end = lines.offset(lines.count());
        for (int at = lines.offset(from); at < end; ) {
            int to = Math.min(at + StreamLimits.SLICE_BYTES_MAX, end);
            connection.send(lines.slice(at, to));
            at = to;
        }
    }

    @Override
    public void keepAlive(long cursor) throws InterruptedException {
        // A block without data dispatches no event, but its id is what the browser resumes from.
        connection.send(Buffer.buffer(cursor < 0 ? ": keep-alive\n\n" : ": keep-alive\nid: " + cursor + "\n\n"));
    }

    @Override
    public void stop() {
        connection.stop();
    }

    @Override
    public void end() {
        connection.end();
    }
}
