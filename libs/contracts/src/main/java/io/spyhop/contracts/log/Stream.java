package io.spyhop.contracts.log;

import java.util.Locale;

/** Where a line came from: one of the container's two pipes, or Spyhop's own entries about the workload. */
public enum Stream {
    STDOUT,
    STDERR,
    SYSTEM;

    /** The name on the wire and in the database. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
