package io.spyhop.gateway.stream;

/** One client's connection. Used by one reader; closing comes from any thread. */
interface LineWriter {
    /** How this client wants its lines. */
    Rendering rendering();

    /**
     * Writes the lines from an index up to another; blocks while the client does not read.
     *
     * @throws ClientGoneException when the client has gone
     */
    void write(Lines lines, int from, int to) throws InterruptedException;

    /** Writes that retention has removed the lines of these numbers; as {@link #write}. */
    void gap(long first, long last) throws InterruptedException;

    /** Writes that so many lines were dropped, because the client reads too slowly; as {@link #write}. */
    void dropped(long lines) throws InterruptedException;

    /**
     * Writes a sign of life that carries the cursor where the format can; blocks while the client does not read.
     *
     * @throws ClientGoneException when the client has gone
     */
    void keepAlive(long cursor) throws InterruptedException;

    /** A gap as JSON. */
    static String gapText(long first, long last) {
        return "{\"from\":" + first + ",\"to\":" + last + ",\"reason\":\"retention\"}";
    }

    /** What was dropped, as a line that is in no store. */
    static String droppedText(long lines) {
        return "{\"level\":\"system\",\"message\":\"... " + lines + " messages dropped ...\"}";
    }

    /** Writes nothing more and ends all waiting for the client: what is under way is the last. Thread-safe. */
    void stop();

    /** Ends the connection in order. Idempotent. */
    void end();
}
