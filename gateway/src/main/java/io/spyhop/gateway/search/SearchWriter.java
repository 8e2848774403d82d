package io.spyhop.gateway.search;

/** Where the findings of a search go. Used by one thread. */
interface SearchWriter {
    /** The search begins: from now on there is an answer. */
    void begin();

    /**
     * Some rows, newest first; blocks while the client does not read.
     *
     * @throws io.spyhop.gateway.stream.ClientGoneException when the client has gone
     */
    void rows(byte[] ndjson) throws InterruptedException;

    /** How far it is; as {@link #rows}. */
    void progress(SearchState state) throws InterruptedException;

    /** It is over; as {@link #rows}. */
    void end(SearchState state) throws InterruptedException;

    /**
     * It failed.
     *
     * @param state how far it came; where to go on is told if the client has got something already
     */
    void failed(SearchState state, RuntimeException failure) throws InterruptedException;

    /** It was closed before its end: its client has gone, or may no longer see this. */
    void closed();

    /** Writes nothing more. Thread-safe. */
    void stop();
}
