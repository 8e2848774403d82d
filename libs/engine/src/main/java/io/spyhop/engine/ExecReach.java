package io.spyhop.engine;

/** Whether the processes of a command could be reached. */
public enum ExecReach {
    /** There was at least one, and it was. */
    REACHED,
    /** There is none. */
    NOTHING,
    /** They cannot be seen from here, and the container has no shell, or not the commands, to do it from within. */
    NO_WAY
}
