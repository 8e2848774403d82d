package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the greediest are found by. Written in lower case on the wire. */
public enum TopBy {
    CPU,
    MEMORY;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name from the wire.
     *
     * @throws IllegalArgumentException when there is none by that name
     */
    @JsonCreator
    public static TopBy of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
