package io.spyhop.gateway.audit;

import java.time.Duration;

/** The limits of the audit. */
final class AuditLimits {
    /** Rows that wait for the database: minutes of a busy installation, some megabytes. */
    static final int QUEUE_MAX = 10_000;

    /** Rows of one insert. */
    static final int BATCH_MAX = 500;

    /**
     * Rows within {@link #UNKNOWN_EVERY} about requests that nobody known made: whoever has no token must not be able to
     * fill the table.
     */
    static final int UNKNOWN_MAX = 300;

    static final Duration UNKNOWN_EVERY = Duration.ofMinutes(1);

    /** What is kept of an address. */
    static final int PATH_LENGTH_MAX = 1000;

    /** What is kept of a method, which may be any word. */
    static final int METHOD_LENGTH_MAX = 16;

    /** First and longest pause while the database is away. */
    static final Duration BACKOFF_MIN = Duration.ofMillis(200);

    static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    /** How long an end waits for what was not written yet. */
    static final Duration CLOSE = Duration.ofSeconds(5);

    /** Old rows deleted by one statement: it holds its locks for a moment only. */
    static final int DELETE_BATCH = 5_000;

    private AuditLimits() {}
}
