package io.spyhop.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for the listening sockets of one life of one container, again and again. Thread-safe; closing ends it. */
public interface ListenReader extends AutoCloseable {
    /** How it looked last; null while no way was found. */
    @Nullable
    ListenWay way();

    /** Whether a look takes microseconds and asks the engine nothing; else it runs a command in the container. */
    boolean isLocal();

    /** Whether the container uses its machine's own network. Not known before the first look. */
    boolean hostNetwork();

    /**
     * Looks now. Only sockets of the container's own processes are told, whoever shares its network; those of the engine's
     * helpers are not. While nothing has changed it may be the very same list.
     *
     * @throws ContainerGoneException when the life has ended, or the reader is closed
     * @throws EngineException when the engine cannot be asked, or no way leads there
     */
    List<ListenSocket> read();

    /** Lets go of what is kept open. */
    @Override
    void close();
}
