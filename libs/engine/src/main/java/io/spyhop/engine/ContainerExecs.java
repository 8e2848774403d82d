package io.spyhop.engine;

import java.util.Optional;

/** Commands that are run inside containers. Thread-safe. Every method blocks, and is meant for virtual threads. */
public interface ContainerExecs {
    /**
     * Prepares a command; nothing runs yet, and one that is never started leaves nothing behind.
     *
     * @return its id
     * @throws ContainerGoneException when there is no such container, or it does not run
     */
    String create(String container, ExecSpec spec);

    /**
     * Starts a command, and opens its output. One that cannot be run ends at once, and the engine says why as if it were output.
     *
     * @throws ContainerGoneException when its container is gone, or does not run any more
     * @throws EngineRefusedException when it was started before
     */
    ExecStream start(String execId);

    /** How far a command is; empty when the engine knows none of that id, for instance because its container is gone. */
    Optional<ExecState> inspect(String execId);

    /**
     * Sends a signal to all processes of a command, also where the engine has given the command up. The engine has no way to do so: where it
     * is on this machine and the container's processes can be seen it is sent from here; else by a shell inside the container.
     *
     * @param mark a variable of its environment, {@code NAME=value}, that only this command has: by it its processes are known
     */
    ExecReach signal(String container, String mark, ExecSignal signal);
}
