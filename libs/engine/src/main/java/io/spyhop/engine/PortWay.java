package io.spyhop.engine;

import java.util.Locale;

/** How a port of a container is reached. */
public enum PortWay {
    /** From inside its network namespace, so that what listens on its loopback only is reached too. */
    NAMESPACE,
    /** At the address that the engine gave it. */
    ADDRESS;

    /** The name on the wire. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
