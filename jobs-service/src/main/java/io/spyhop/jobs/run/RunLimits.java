package io.spyhop.jobs.run;

import java.time.Duration;

/** Limits of what is done about runs. */
final class RunLimits {
    /** An engine that makes and starts more containers at once takes as long for all of them, and longer for everything else. */
    static final int CREATIONS_MAX = 8;

    /** Of attempts on one replica; more wait, {@code queued}. Each costs a connection to the engine and a thread that waits. */
    static final int RUNNING_MAX = 1000;

    /** Of open runs that are looked at in one round: all that may go on, and the next that are due. */
    static final int OPEN_MAX = 2 * RUNNING_MAX;

    /** What a program gets to end by itself, unless a label of its service says otherwise. */
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** A program that lives on after it was killed hangs in the kernel; it is killed again as often. */
    static final Duration KILL_EVERY = Duration.ofSeconds(10);

    /** After so long the engine is asked again for an end: a connection that broke without a word is noticed. */
    static final Duration AWAIT_MAX = Duration.ofSeconds(60);

    /** What could not be done or written down is tried again after this. */
    static final Duration RETRY = Duration.ofSeconds(2);

    /** While a replica does not know its share yet, which takes seconds after a start. */
    static final Duration SHARE_SOON = Duration.ofMillis(250);

    /** The longest pause between two attempts. */
    static final Duration BACKOFF_MAX = Duration.ofHours(1);

    /** Of what an engine says. */
    static final int REASON_LENGTH_MAX = 500;

    /** Runs whose containers are removed in one round, and that are told of in one. */
    static final int BATCH = 200;

    /** What is not wanted any more is sought as often: it is there only if something went wrong. */
    static final Duration SWEEP_EVERY = Duration.ofMinutes(10);

    /** Evidence that a container is captured is of no use for longer: the container is gone. */
    static final Duration CAPTURED_KEPT = Duration.ofDays(30);

    private RunLimits() {}
}
