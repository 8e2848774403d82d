package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a job's command runs. Written in lower case on the wire. */
public enum JobMode {
    /** In a fresh container that is made like the service's own. */
    RUN,
    /** Inside the running instance of the lowest index. */
    EXEC;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name from the wire.
     *
     * @throws IllegalArgumentException when there is no such mode
     */
    @JsonCreator
    public static JobMode of(String wire) {
        for (JobMode mode : values()) {
            if (mode.wire().equals(wire)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no such mode");
    }
}
