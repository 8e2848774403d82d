package io.spyhop.gateway.stream;

/** One client's connection. Used by one reader; closing comes from any thread. */
interface LineWriter {
    /** How this client wants its lines. */
    Rendering rendering();

    /**
     * Writes the lines from an index on; blocks while the client does not read.
     *
     * @throws ClientGoneException when the client has gone
     */
    void write(Lines lines, int from) throws InterruptedException;

    /**
     * Writes a sign of life that carries the cursor where the format can; blocks while the client does not read.
     *
     * @throws ClientGoneException when the client has gone
     */
    void keepAlive(long cursor) throws InterruptedException;

    /** Writes nothing more and ends all waiting for the client: what is under way is the last. Thread-safe. */
    void stop();

    /** Ends the connection in order. Idempotent. */
    void end();
}
