package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a run is. Written in lower case with a dash on the wire. */
public enum RunStatus {
    /** It was asked for; it waits to be started, or for its next attempt. */
    QUEUED,
    RUNNING,
    /** It ended with exit code 0. */
    SUCCEEDED,
    /** It ended with another one, by a signal, or could not be started. */
    FAILED,
    /** It took longer than it may, and was ended. */
    TIMED_OUT,
    CANCELLED,
    /** Its container is gone, or its engine, and nobody knows how it ended. */
    LOST;

    /** The name on the wire, such as {@code timed-out}. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads a name from the wire.
     *
     * @throws IllegalArgumentException when there is no such status
     */
    @JsonCreator
    public static RunStatus of(String wire) {
        for (RunStatus status : values()) {
            if (status.wire().equals(wire)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no such status");
    }

    /** Whether nothing will change it any more. */
    public boolean ended() {
        return this != QUEUED && this != RUNNING;
    }
}
