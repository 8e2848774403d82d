package io.spyhop.lifecycle.watch;

/**
 * Is told of crashes by the watcher of a host, after everybody was told of the crash and before anybody of a restart. Thread-safe.
 * Blocks, takes effect wholly or not at all, may be told of the same crash again, and throws an unchecked exception when
 * the database does not answer.
 */
public interface CrashRecorder {
    /** Somebody's container crashed. */
    void record(CrashFacts facts);
}
