package io.spyhop.engine;

import java.util.List;

/**
 * An image that an engine has. Immutable.
 *
 * @param id the digest of its configuration
 * @param exposedPorts the TCP ports that it says it listens on, ascending
 */
public record ImageDetails(String id, List<Integer> exposedPorts) {
    /** Copies the ports. */
    public ImageDetails {
        exposedPorts = List.copyOf(exposedPorts);
    }
}
