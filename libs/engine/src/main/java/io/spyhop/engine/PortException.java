package io.spyhop.engine;

import org.jspecify.annotations.Nullable;

/** A port of a container cannot be connected to. */
public final class PortException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final @Nullable PortWay way;

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

    /** There is no way. */
    public static PortException noWay(String message, @Nullable Throwable cause) {
        return new PortException(Reason.NO_WAY, null, message, cause);
    }

    /** A way leads to no connection. */
    public static PortException failed(Reason reason, PortWay way, @Nullable Throwable cause) {
        return new PortException(reason, way, "no connection to the port", cause);
    }

    private PortException(Reason reason, @Nullable PortWay way, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.way = way;
    }

    /** How it was tried; null where there is no way. */
    public @Nullable PortWay way() {
        return way;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
