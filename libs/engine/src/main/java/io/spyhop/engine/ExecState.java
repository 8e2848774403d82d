package io.spyhop.engine;

import org.jspecify.annotations.Nullable;

/**
 * How far a command inside a container is, as its engine says. Immutable.
 *
 * @param exitCode null before its end; 126 or 127 where it could not be run, and 126 too where it goes on: some engines give a command up
 *     that writes when nobody reads any more
 */
public record ExecState(boolean running, @Nullable Integer exitCode) {
    /** Whether it was started, ever. */
    public boolean started() {
        return running || exitCode != null;
    }
}
