package io.spyhop.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
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

    /** What a container is made of, for {@link #createLike}; empty when there is none by that id or name. */
    Optional<ContainerTemplate> template(String container);

    /**
     * Makes a container that is like another one, which need not be there any more; nothing runs in it yet. It is in the same
     * networks, has the same mounts (those without a name too: they are shared), user and limits. It has neither the name, the host
     * name, the addresses and aliases, the published ports nor the labels by which the other one is known, no restart policy and
     * no health check, and is not removed when it ends. Its log is a {@code json-file} that is never rotated.
     *
     * <p>Where this fails, a container of that name may be there that lacks a network; it has to be removed.
     */
    ContainerClone createLike(ContainerTemplate template, CloneChanges changes);

    /**
     * Starts a container; does nothing where it runs.
     *
     * @throws ContainerGoneException when there is no such container
     * @throws PortTakenException when a port that it publishes is in use on the host
     */
    void start(String containerId);

    /**
     * Waits until a container that was started has ended, or is gone.
     *
     * @return false where it has not within the time
     */
    boolean awaitEnd(String containerId, Duration max) throws InterruptedException;

    /** The full ids of all containers with a label, running or not. */
    Set<String> labelled(String label, String value);

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
