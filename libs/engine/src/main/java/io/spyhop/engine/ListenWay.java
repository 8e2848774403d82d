package io.spyhop.engine;

import java.util.Locale;

/** How a container's listening sockets are found. */
public enum ListenWay {
    /** The kernel is asked from inside its network namespace, which costs the engine nothing and needs nothing there. */
    NAMESPACE,
    /** By the program {@code ss} of its own. */
    SS,
    /** By its files {@code /proc/net/tcp} and {@code tcp6}, which a program of its own shows. */
    PROC;

    /** The name on the wire. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
