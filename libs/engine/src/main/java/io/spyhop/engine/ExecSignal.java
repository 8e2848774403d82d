package io.spyhop.engine;

/** What is sent to the processes of a command. */
public enum ExecSignal {
    /** Nothing: it is only looked whether there are any. */
    NONE,
    TERM,
    KILL
}
