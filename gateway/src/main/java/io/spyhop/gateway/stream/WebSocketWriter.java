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
    public void write(Lines lines, int from, int to) throws InterruptedException {
        for (int at = from; at < to; ) {
            int next = Math.min(lines.sliceEnd(at, StreamLimits.SLICE_BYTES_MAX), to);
            Buffer slice = lines.slice(lines.offset(at), lines.offset(next));
            send(slice.toString(StandardCharsets.UTF_8), slice.length());
            at = next;
        }
    }

    @Override
    public void gap(long first, long last) throws InterruptedException {
        String row = "{\"gap\":" + LineWriter.gapText(first, last) + "}\n";
        send(row, row.length());
    }

    @Override
    public void dropped(long lines) throws InterruptedException {
        String row = LineWriter.droppedText(lines) + "\n";
        send(row, row.length());
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

    private void send(String text, int length) throws InterruptedException {
        window.acquire(length);
        sent(socket().writeTextMessage(text), length);
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
