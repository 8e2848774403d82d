package io.spyhop.jobs.exec;

import java.time.Duration;

/** The limits of commands inside containers, each with its reason. */
final class ExecLimits {
    /** How often it is looked whether a command goes on that nobody reads: the engine tells nobody of ends. */
    static final Duration LOOK_EACH = Duration.ofMillis(500);

    /** The same once a command's output has ended, which is when it does, or milliseconds before. */
    static final Duration INSPECT_AT_END_EACH = Duration.ofMillis(10);

    /** How often it is asked so quickly: a command may close its output and go on. */
    static final int INSPECT_AT_END_TRIES = 50;

    /** Before the broker or the database are tried again. Meanwhile the command waits for its output to be taken. */
    static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    private ExecLimits() {}
}
