package io.spyhop.engine;

import org.jspecify.annotations.Nullable;

/**
 * A TCP socket on which a process of a container listens. Immutable.
 *
 * @param address numeric, that it is bound to; {@code 0.0.0.0} or {@code ::} for all
 * @param both whether it takes connections by IPv4 and IPv6
 * @param process the program's name; null where nobody can tell
 * @param pid as the container numbers its processes; null where nobody can tell
 */
public record ListenSocket(
        int port,
        String address,
        boolean both,
        @Nullable String process,
        @Nullable Long pid) {
    /** Where an engine resolves names for the containers of its networks, inside their namespaces. */
    public static final String ENGINE_RESOLVER = "127.0.0.11";
}
