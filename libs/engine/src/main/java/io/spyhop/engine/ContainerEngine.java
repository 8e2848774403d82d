package io.spyhop.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One container engine. Thread-safe. Every method blocks, is meant for virtual threads, and throws {@link
 * EngineException} when the engine cannot be reached or answers with an error that the method does not name.
 */
public interface ContainerEngine extends AutoCloseable {
    /** What answers at the endpoint. Also the cheapest way to ask whether it answers at all. */
    EngineVersion version();

    /** The full ids of all containers, running or not, each with its state as {@link ContainerDetails#state} tells it. */
    Map<String, String> list();

    /** Everything about one container; empty when there is none by that id or name. */
    Optional<ContainerDetails> inspect(String container);

    /**
     * What {@link #inspect} would tell of a container whose start was told just now, from the engine's own records: empty where
     * they are not files of this machine that can be read, or not known yet, shortly after {@link #events}. The engine itself
     * answers only when it has taken apart what ended at once, which takes it 40 to 90 ms (moby 20.10). Asks it nothing.
     *
     * @param toldAt the time of the event
     */
    default Optional<ContainerDetails> startRecord(String containerId, Instant toldAt) {
        return Optional.empty();
    }

    /**
     * Opens a container's log. The stream ends when the request does not follow and the end is reached, when the
     * container stops, restarts or is removed (the engine does not say which), or when it is closed. Where the engine writes
     * it to files of this machine that can be read, they are ({@link LogStream#way}); the lines are the same.
     *
     * @throws ContainerGoneException when there is no such container
     * @throws LogUnreadableException when the container's log driver cannot be read
     */
    LogStream logs(LogRequest request);

    /**
     * Does ahead of time what the first {@link #logs} would have to wait for. From then on the logs of new containers on
     * this machine are held for a while, so that they can be opened after the container has been removed.
     */
    default void prepareLogs() {}

    /**
     * Whether a followed log that is opened before the container's first start waits for that start, and so misses
     * nothing of a container that lives for a moment and is removed at once. Elsewhere it ends at once.
     */
    default boolean awaitsStart(String containerId) {
        return false;
    }

    /**
     * Opens the counters of a container's present life. Where the kernel's files of this machine tell them they are read
     * ({@link CounterReader#way}); elsewhere the engine is asked at each reading. Asks the engine nothing itself.
     *
     * @param pid of the first process, on the engine's machine; null where it is not known, and then the engine is asked
     * @throws ContainerGoneException when there can be no such container
     */
    CounterReader counters(String containerId, @Nullable Long pid);

    /** How a container is asked for its health; empty when there is none by that id, or the engine does not know. */
    default Optional<HealthDetails> health(String container) {
        return Optional.empty();
    }

    /**
     * Connects to a TCP port of a container. Where the container is one of this machine and its network namespace may be
     * entered, that is done from inside it, by 127.0.0.1; elsewhere at its address, where that leads to it, or where a port of another
     * machine is published there, which misses what listens on its loopback only. {@link PortConnection#way} tells which.
     *
     * @param max for the connection to be there
     * @throws ContainerGoneException when the engine has no such container
     * @throws PortException when there is no connection, with its reason; {@code NO_WAY} where its process has ended, or is not
     *     to be seen from here
     */
    default PortConnection connect(PortTarget target, Duration max) {
        throw PortException.noWay("this engine leads to no container's network", null);
    }

    /**
     * Looks for the listening sockets of a container's present life. Where the container is one of this machine and its
     * network namespace may be entered, the kernel tells them; elsewhere programs of the container's own do ({@link
     * ListenReader#way}). Asks the engine nothing itself.
     *
     * @param pid of the first process, on the engine's machine; null where it is not known
     * @throws ContainerGoneException when there can be no such container
     */
    default ListenReader listeners(String containerId, @Nullable Long pid) {
        throw new EngineException("this engine shows no sockets", null);
    }

    /**
     * Runs a command inside a container, as its own programs run, and waits for its end. It cannot be ended from here: a
     * command that may hang has to end itself.
     *
     * @throws ContainerGoneException when there is no such container, or it does not run
     */
    default CommandOutput execute(String container, List<String> command) {
        throw new EngineException("this engine runs no commands", null);
    }

    /** Commands inside containers, with their output. */
    default ContainerExecs execs() {
        throw new EngineException("this engine runs no commands", null);
    }

    /**
     * Subscribes to container events. Events since the given instant come first, as far as the engine still has them
     * (Docker: the newest 256 of all types, none after its restart). The subscription is live when this returns.
     *
     * @param since inclusive, to the nanosecond
     */
    EventStream events(Instant since);

    /** What can be done to containers of this engine. */
    ContainerControl control();

    /** Closes every stream of this engine and its connections. */
    @Override
    void close();

    /** The actions of {@link ContainerEvent} that are subscribed to. */
    Set<String> EVENT_ACTIONS = Set.copyOf(List.of(
            "create",
            "start",
            "restart",
            "die",
            "oom",
            "kill",
            "stop",
            "pause",
            "unpause",
            "destroy",
            "rename",
            "update",
            "health_status"));
}
