package io.spyhop.engine;

import org.jspecify.annotations.Nullable;

/** The engine cannot be reached, or answered with an error. */
public class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed, and why. */
    public EngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
