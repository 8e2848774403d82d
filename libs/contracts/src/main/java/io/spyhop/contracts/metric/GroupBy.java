package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What figures of many workloads are added up by. Written in lower case on the wire. */
public enum GroupBy {
    ORG,
    PROJECT,
    HOST;

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
    public static GroupBy of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
