package io.spyhop.contracts.workload;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What sort of workload. Written in lower case with a dash on the wire. */
public enum Kind {
    DEPLOYMENT,
    SERVICE,
    WORKER,
    APP,
    JOB_RUN,
    CONTAINER;

    /** The name on the wire, such as {@code job-run}. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads a name from the wire.
     *
     * @throws IllegalArgumentException when there is no such kind
     */
    @JsonCreator
    public static Kind of(String wire) {
        for (Kind kind : values()) {
            if (kind.wire().equals(wire)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no such kind");
    }
}
