package io.spyhop.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes server-sent events. A large event may be cut into several writes: the client sees one stream of bytes. */
final class SseWriter implements LineWriter {
    private final HttpServerResponse response;
    private final Rendering rendering;
    private final Window window = new Window(StreamLimits.WINDOW_BYTES_MAX);

    SseWriter(HttpServerResponse response, Rendering rendering) {
        this.response = response;
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
            send(lines.slice(at, to));
            at = to;
        }
    }

    @Override
    public void keepAlive(long cursor) throws InterruptedException {
        // A block without data dispatches no event, but its id is what the browser resumes from.
        send(Buffer.buffer(cursor < 0 ? ": keep-alive\n\n" : ": keep-alive\nid: " + cursor + "\n\n"));
    }

    @Override
    public void end() {
        window.close();
        if (!response.ended() && !response.closed()) {
            response.end();
        }
    }

    /** The connection has closed. */
    void closed() {
        window.close();
    }

    private void send(Buffer bytes) throws InterruptedException {
        int length = bytes.length();
        window.acquire(length);
        if (response.closed() || response.ended()) {
            throw new ClientGoneException();
        }
        response.write(bytes).onComplete(written -> {
            window.release(length);
            if (written.failed()) {
                window.close();
            }
        });
    }
}
