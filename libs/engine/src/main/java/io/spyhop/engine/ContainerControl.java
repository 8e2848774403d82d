package io.spyhop.engine;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What Spyhop does to containers, where it was asked to; all else only looks. Thread-safe. Every method blocks, is meant
 * for virtual threads, and may be repeated after an outcome that nobody knows. They throw {@link EngineRefusedException}
 * where the engine answered that it will not, and {@link EngineException} where it is worth to try again.
 */
public interface ContainerControl {
    /** An image that the engine has; empty when it has none by that reference. */
    Optional<ImageDetails> image(String reference);

    /**
     * Has the engine fetch an image from its registry; returns when it is there.
     *
     * @param reference with or without a tag or digest; {@code latest} where it has neither
     * @param login what the registry is shown; null for nothing
     * @param progress gets what happens, a short text each time
     */
    void pull(String reference, @Nullable RegistryLogin login, Consumer<String> progress) throws InterruptedException;

    /**
     * Makes a container; nothing runs in it yet.
     *
     * @return its full id
     */
    String create(ContainerSpec spec);

    /**
     * Starts a container; does nothing where it runs.
     *
     * @throws ContainerGoneException when there is no such container
     * @throws PortTakenException when a port that it publishes is in use on the host
     */
    void start(String containerId);

    /**
     * Sends a signal to the first process. With the container's stop signal, with SIGTERM where it has none, and with
     * SIGKILL no policy restarts it afterwards.
     *
     * @return whether there was a process, or a restart to come, that it could be sent to
     */
    boolean signal(String containerId, int signal);

    /** Removes a container, by force, with its log and its nameless volumes; does nothing where there is none. */
    void remove(String containerId);
}
