package io.spyhop.gateway.proxy;

import java.time.Duration;

/** The limits of port hosts. */
final class ProxyLimits {
    /** Connections to one port, for each event loop: each stream and WebSocket holds one. */
    static final int CONNECTIONS_MAX = 2048;

    /** Requests that wait for a connection to one port, for each event loop; beyond it they are refused. */
    static final int WAITING_MAX = 256;

    /** For a connection to be there, the wait for one included. Programs of the same machine answer at once or not at all. */
    static final Duration CONNECT = Duration.ofSeconds(5);

    /** The same at an address: where none answers for so long, the relay is asked instead. */
    static final Duration CONNECT_OUTSIDE = Duration.ofSeconds(1);

    /** A connection that is not used is closed before common servers do so, which might meet the next request half-way. */
    static final int KEEP_ALIVE_SECONDS = 3;

    /** What a container may answer before its body. */
    static final int HEADER_BYTES_MAX = 64 * 1024;

    /** For a program to say whether it speaks TLS, when it was asked for something else and did not understand. */
    static final Duration HANDSHAKE = Duration.ofSeconds(1);

    /** Containers whose way in is remembered; beyond it all are looked up again. */
    static final int CONTAINERS_MAX = 4096;

    /** How often tokens and sessions of what is open are looked at, for what ended by its age or on another gateway. */
    static final Duration ACCESS_CHECK = Duration.ofSeconds(3);

    private ProxyLimits() {}
}
