package io.spyhop.gateway.stats;

import io.vertx.core.buffer.Buffer;

/** One client's connection. */
interface StatsWriter {
    /**
     * Sends an event; blocks until the one before has left.
     *
     * @throws io.spyhop.gateway.stream.ClientGoneException when the client has gone
     */
    void send(Buffer event) throws InterruptedException;

    /** Sends nothing more and ends all waiting. Thread-safe. */
    void stop();

    /** Ends the connection in order. Idempotent. */
    void end();
}
