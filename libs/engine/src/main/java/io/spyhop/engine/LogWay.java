package io.spyhop.engine;

/** How a container's log is read. The lines are the same. */
public enum LogWay {
    /** From the files that the engine's log driver writes: needs an engine on this machine, and the right to read them. */
    FILE,
    /** Through the engine's API: works with every engine, and costs it as much as reading. */
    API
}
