package io.spyhop.engine;

import java.util.Locale;

/** How a container's counters are read. */
public enum CounterWay {
    /** From the kernel's files on this machine, which costs the engine nothing. */
    KERNEL,
    /** From the engine, through its API. */
    API;

    /** The name on the wire. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
