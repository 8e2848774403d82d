package io.spyhop.engine;

import org.jspecify.annotations.Nullable;

/**
 * How far a command inside a container is. Immutable.
 *
 * @param pid of its first process, on the engine's machine; null where none lives
 * @param exitCode null before its end; 126 or 127 where it could not be run
 */
public record ExecState(
        String containerId,
        boolean running,
        @Nullable Long pid,
        @Nullable Integer exitCode) {
    /** Whether it was started, ever. */
    public boolean started() {
        return running || exitCode != null;
    }
}
