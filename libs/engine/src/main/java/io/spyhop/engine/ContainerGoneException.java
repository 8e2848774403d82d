package io.spyhop.engine;

/** There is no such container, or no more. */
public final class ContainerGoneException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** Names the container by its id. */
    public ContainerGoneException(String containerId) {
        super("no such container: " + containerId, null);
    }
}
