package io.spyhop.gateway.stats;

import io.spyhop.gateway.stream.SseConnection;
import io.vertx.core.buffer.Buffer;

/** Writes figures as server-sent events. */
record SseStats(SseConnection connection) implements StatsWriter {
    @Override
    public void send(Buffer event) throws InterruptedException {
        connection.send(event);
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
