package io.spyhop.contracts.workload;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The status of an instance, from best to worst: a workload shows the worst of its newest generation's instances.
 * Written in lower case on the wire.
 */
public enum InstanceStatus {
    RUNNING,
    CREATING,
    STOPPING,
    STOPPED,
    EXITED,
    REMOVED,
    PAUSED,
    RESTARTING,
    UNHEALTHY,
    CRASHED,
    FAILED;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name from the wire.
     *
     * @throws IllegalArgumentException when there is no such status
     */
    @JsonCreator
    public static InstanceStatus of(String wire) {
        for (InstanceStatus status : values()) {
            if (status.wire().equals(wire)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no such status");
    }

    /** Whether its program goes on, so that it answers, and commands can be run beside it. */
    public boolean answers() {
        return this == RUNNING || this == UNHEALTHY;
    }

    /** Whether a process lives in the container, so that it may write. */
    public boolean alive() {
        return switch (this) {
            case RUNNING, STOPPING, PAUSED, UNHEALTHY -> true;
            case CREATING, STOPPED, EXITED, REMOVED, RESTARTING, CRASHED, FAILED -> false;
        };
    }
}
