package io.spyhop.gateway.events;

import org.jspecify.annotations.Nullable;

/**
 * One client's connection. Every method blocks while the client does not read, and throws {@link
 * io.spyhop.gateway.stream.ClientGoneException} when it has gone.
 */
interface EventWriter {
    /** Something happened. */
    void write(String type, String id, String data) throws InterruptedException;

    /** A sign of life with where the client may resume; null where that is not known yet. */
    void keepAlive(@Nullable String id) throws InterruptedException;

    /** What followed the client's position is no longer held. */
    void gap() throws InterruptedException;

    /** Writes nothing more and ends all waiting for the client: what is under way is the last. Thread-safe. */
    void stop();

    /** Ends the connection in order. Idempotent. */
    void end();
}
