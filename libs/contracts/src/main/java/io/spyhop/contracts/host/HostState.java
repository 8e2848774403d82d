package io.spyhop.contracts.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How the watch of a host is. Written in lower case on the wire. */
public enum HostState {
    /** No answer yet, and no failure either, since the watch began. */
    CONNECTING,
    /** Events are followed. */
    WATCHING,
    /** The engine does not answer, or not to us; its containers are as they were last seen. */
    AWAY;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name from the wire.
     *
     * @throws IllegalArgumentException when there is no such state
     */
    @JsonCreator
    public static HostState of(String wire) {
        for (HostState state : values()) {
            if (state.wire().equals(wire)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no such state");
    }
}
