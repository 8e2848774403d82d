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
    public void write(Lines lines, int from, int to) throws InterruptedException {
        int end = lines.offset(to);
        for (int at = lines.offset(from); at < end; ) {
            int next = Math.min(at + StreamLimits.SLICE_BYTES_MAX, end);
            connection.send(lines.slice(at, next));
            at = next;
        }
    }

    @Override
    public void gap(long first, long last) throws InterruptedException {
        connection.send(
                Buffer.buffer("id: " + last + "\nevent: gap\ndata: " + LineWriter.gapText(first, last) + "\n\n"));
    }

    @Override
    public void dropped(long lines) throws InterruptedException {
        connection.send(Buffer.buffer("data: " + LineWriter.droppedText(lines) + "\n\n"));
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
