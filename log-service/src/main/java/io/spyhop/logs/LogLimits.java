package io.spyhop.logs;

import java.time.Duration;

/** Every limit of log-service, with its reason. */
public final class LogLimits {
    /** A batch is sealed at this size: large enough to compress well, small enough to be a cheap unit of fan-out. */
    public static final int BATCH_RAW_BYTES = 64 * 1024;

    /** How long lines wait for company before they are stored: a commit costs about as much. */
    public static final Duration BATCH_LINGER = Duration.ofMillis(5);

    /**
     * Rendered bytes of one workload that may wait for the store; its follower waits beyond it. A transaction's worth: while
     * one is committed the next one gathers.
     */
    public static final int WORKLOAD_UNSTORED_BYTES = 4 * 1024 * 1024;

    /** Rendered bytes of all workloads together that may wait for the store: this bounds the heap of a busy host. */
    public static final long TOTAL_UNSTORED_BYTES = 32L * 1024 * 1024;

    /** Rendered bytes of all workloads in one transaction: a commit's cost is spread, its latency stays low. */
    public static final int TRANSACTION_RAW_BYTES = 4 * 1024 * 1024;

    /** A follower that the store keeps waiting this long lets go of the engine, rather than stall the container. */
    public static final Duration STORE_STALL = Duration.ofSeconds(5);

    /** How far before the last stored time a follow resumes: stdout and stderr may be out of order by milliseconds. */
    public static final Duration RESUME_OVERLAP = Duration.ofSeconds(1);

    /** A transition waits this long for more of the output that belongs before it. */
    public static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(2);

    /**
     * The first line of a life waits this long for its start to be told: after a restart of the engine its watcher needs
     * some seconds to compare.
     */
    public static final Duration START_PATIENCE = Duration.ofSeconds(10);

    /** Whoever takes a workload over waits this long for a former owner's transaction, which takes milliseconds. */
    public static final Duration TAKE_OVER_PATIENCE = Duration.ofSeconds(1);

    /** Pause before a lost ownership, a database or an engine is tried again. */
    public static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    /** A replica stores how it reads logs at least this often, so that its row stays fresh. */
    public static final Duration CAPTURE_STORED_EACH = Duration.ofSeconds(15);

    /** How old such a row may be to count: some writes may fail before a replica is taken for dead. */
    public static final Duration CAPTURE_FRESH = Duration.ofSeconds(50);

    /** After so long a silence an engine is asked whether its follow has stalled: a request a minute for a quiet container. */
    public static final Duration SILENCE = Duration.ofSeconds(60);

    /** Below so many free bytes capture pauses: the database needs room to go on and to clean up. */
    public static final long DISK_FREE_MIN = 512L * 1024 * 1024;

    /** So many more must be free before it goes on, lest it stutter. */
    public static final long DISK_FREE_MARGIN = 64L * 1024 * 1024;

    /** Characters of a message in a program record; longer ones are cut and marked. */
    public static final int RECORD_MESSAGE_CHARACTERS = 8192;

    private LogLimits() {}
}
