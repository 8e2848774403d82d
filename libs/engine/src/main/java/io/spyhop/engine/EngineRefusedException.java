package io.spyhop.engine;

/** The engine answered that it will not do what was asked: asking again is of no use. The message has its reason. */
public class EngineRefusedException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** Why, in the engine's words. */
    public EngineRefusedException(String message) {
        super(message, null);
    }
}
