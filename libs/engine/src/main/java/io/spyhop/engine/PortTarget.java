package io.spyhop.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port of a container. Immutable.
 *
 * @param pid of the container's first process, on the engine's machine; null where it is not known
 * @param addresses of the container in the engine's networks
 */
public record PortTarget(String containerId, @Nullable Long pid, List<String> addresses, int port) {
    /** Copies the addresses. */
    public PortTarget {
        addresses = List.copyOf(addresses);
    }
}
