package io.spyhop.engine;

/** A port that a container wants to publish is in use on the host. */
public final class PortTakenException extends EngineRefusedException {
    private static final long serialVersionUID = 1L;

    /** Why, in the engine's words. */
    public PortTakenException(String message) {
        super(message);
    }
}
