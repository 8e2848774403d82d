package io.spyhop.gateway.stream;

/** A stream that is served to a client. */
public interface OpenStream {
    /** Ends it: the client has gone, or may no longer see this. Never blocks. */
    void close();
}
