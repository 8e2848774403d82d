package io.spyhop.engine.relay;

import java.time.Duration;

/** The limits of a relay. */
final class RelayLimits {
    /** Connections at one time: each has two sockets, and a process often has no more than 20,000. */
    static final int LINKS_MAX = 4096;

    /** For a greeting to be there, which those who know the password send at once. Whoever else connects has to go. */
    static final Duration GREETING = Duration.ofSeconds(5);

    /** Read at once: what a socket holds of a fast sender. One buffer serves all connections. */
    static final int BUFFER_BYTES = 128 * 1024;

    /** Kept for all slow readers together before less is read for each: services with small heaps lead too. */
    static final int KEPT_BYTES = 8 * 1024 * 1024;

    /** Read at once from then on: as many connections as there may be keep four times as much again. */
    static final int BUFFER_BYTES_LEAST = 4 * 1024;

    /** Connections that wait for the thread that takes them. */
    static final int BACKLOG = 1024;

    private RelayLimits() {}
}
