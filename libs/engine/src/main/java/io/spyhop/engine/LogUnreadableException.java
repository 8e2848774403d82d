package io.spyhop.engine;

/** The container's log driver does not support reading. */
public final class LogUnreadableException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** The engine's own words. */
    public LogUnreadableException(String message) {
        super(message, null);
    }
}
