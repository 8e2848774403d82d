package io.spyhop.engine;

import org.jspecify.annotations.Nullable;

/** A port of a container cannot be connected to. */
public final class PortException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why not. */
    public enum Reason {
        /** There is no way to the container's network from here, or no right to take it. */
        NO_WAY,
        /** Nothing listens there. */
        REFUSED,
        /** Nothing answered in time. */
        TIMED_OUT,
        /** The network does not lead there. */
        UNREACHABLE
    }

    /** A reason, and more of it. */
    public PortException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A reason, more of it, and what caused it. */
    public PortException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
