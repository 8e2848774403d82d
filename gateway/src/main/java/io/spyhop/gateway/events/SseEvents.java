package io.spyhop.gateway.events;

import io.spyhop.gateway.stream.SseConnection;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Writes events as server-sent events. */
final class SseEvents implements EventWriter {
    private final SseConnection connection;

    SseEvents(SseConnection connection) {
        this.connection = connection;
    }

    @Override
    public void write(String type, String id, String data) throws InterruptedException {
        connection.send(Buffer.buffer("event: " + type + "\nid: " + id + "\ndata: " + data + "\n\n"));
    }

    @Override
    public void keepAlive(@Nullable String id) throws InterruptedException {
        // A block without data dispatches no event, but its id is what the browser resumes from.
        connection.send(Buffer.buffer(id == null ? ": keep-alive\n\n" : ": keep-alive\nid: " + id + "\n\n"));
    }

    @Override
    public void gap() throws InterruptedException {
        connection.send(Buffer.buffer("event: gap\ndata: {\"reason\":\"retention\"}\n\n"));
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
