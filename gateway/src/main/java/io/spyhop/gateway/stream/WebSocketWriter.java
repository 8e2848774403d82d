package io.spyhop.gateway.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes text messages of whole NDJSON lines. */
final class WebSocketWriter implements LineWriter {
    private static final short NORMAL = 1000;

    private final Window window = new Window(StreamLimits.WINDOW_BYTES_MAX);

    private volatile @Nullable ServerWebSocket connection;

    /** The handshake is done; nothing is written before. */
    void open(ServerWebSocket socket) {
        this.connection = socket;
    }

    @Override
    public Rendering rendering() {
        return Rendering.NDJSON;
    }

    @Override
    public void write(Lines lines, int from) throws InterruptedException {
        for (int at = from; at < lines.count(); ) {
            int to = lines.sliceEnd(at, StreamLimits.SLICE_BYTES_MAX);
            Buffer slice = lines.slice(lines.offset(at), lines.offset(to));
            window.acquire(slice.length());
            sent(socket().writeTextMessage(slice.toString(StandardCharsets.UTF_8)), slice.length());
            at = to;
        }
    }

    @Override
    public void keepAlive(long cursor) throws InterruptedException {
        // A ping also tells whether the other side is still there; the lines carry their own numbers.
        window.acquire(1);
        sent(socket().writePing(Buffer.buffer("spyhop")), 1);
    }

    @Override
    public void end() {
        window.close();
        ServerWebSocket socket = connection;
        if (socket != null && !socket.isClosed()) {
            socket.close(NORMAL);
        }
    }

    @Override
    public void stop() {
        window.close();
    }

    private ServerWebSocket socket() {
        ServerWebSocket socket = connection;
        if (socket == null || socket.isClosed()) {
            throw new ClientGoneException();
        }
        return socket;
    }

    private void sent(Future<Void> write, int length) {
        write.onComplete(written -> {
            window.release(length);
            if (written.failed()) {
                window.close();
            }
        });
    }
}
