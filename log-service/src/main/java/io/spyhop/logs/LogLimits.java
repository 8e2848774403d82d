package io.spyhop.logs;

import java.time.Duration;

/** Every limit of log-service, with its reason. */
public final class LogLimits {
    /** A batch is sealed at this size: large enough to compress well, small enough to be a cheap unit of fan-out. */
    public static final int BATCH_RAW_BYTES = 64 * 1024;

    /** The same for lines as old as {@link #LATE}: a batch costs a record, a row and later a merge, and nobody waits for it. */
    public static final int BATCH_RAW_BYTES_LATE = 256 * 1024;

    /** How long lines wait for company before they are stored: a commit costs about as much. */
    public static final Duration BATCH_LINGER = Duration.ofMillis(3);

    /**
     * The same for lines as old as {@link #LATE}, where there are not {@link #LINGER_BYTES_LATE} of them before: nobody
     * waits for them, and fewer commits leave more time for them.
     */
    public static final Duration BATCH_LINGER_LATE = Duration.ofMillis(100);

    /**
     * The same while much comes: what a commit costs, here and at the broker, is taken from the containers that write, where
     * they share its processors; and of so many lines nobody reads the last one 20 ms earlier.
     */
    public static final Duration BATCH_LINGER_BUSY = Duration.ofMillis(20);

    /** So many bytes of rows a second are much: some 50,000 lines. */
    public static final long BUSY_BYTES_PER_SECOND = 8_000_000;

    /** Lines so old are history that is being picked up. */
    public static final Duration LATE = Duration.ofSeconds(1);

    /**
     * Rendered bytes of one workload that may wait for the store; its follower waits beyond it. Two transactions' worth: while
     * one is committed and one compressed the next one gathers.
     */
    public static final int WORKLOAD_UNSTORED_BYTES = 8 * 1024 * 1024;

    /** So much history is stored without waiting for more of it: all stages have their share then. */
    public static final int LINGER_BYTES_LATE = WORKLOAD_UNSTORED_BYTES / 4;

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

    /** The rest of an ended life's output is waited for so long, before its last lines are told again as they are. */
    public static final Duration REST_PATIENCE = Duration.ofMinutes(1);

    /** How often it is looked whether such a rest is stored. */
    public static final Duration REST_CHECK = Duration.ofMillis(500);

    /**
     * The first line of a life waits this long for its start to be told: after a restart of the engine its watcher needs
     * some seconds to compare.
     */
    public static final Duration START_PATIENCE = Duration.ofSeconds(10);

    /** Whoever takes a workload over waits this long for a former owner's transaction, which takes milliseconds. */
    public static final Duration TAKE_OVER_PATIENCE = Duration.ofSeconds(1);

    /** Questions that look through chunks at the same time: a third of the connections, and enough for all processors. */
    public static final int QUESTIONS_MAX = 4;

    /** How long such a question waits for its turn: less than whoever asks waits for the answer. */
    public static final Duration QUESTION_WAIT = Duration.ofSeconds(2);

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

    /** So long compaction gives way to history that is being picked up, and while much comes: it can wait. */
    public static final Duration COMPACTION_YIELD = Duration.ofMinutes(1);

    /**
     * Chunks of at least so many bytes of rows are not merged any more, and none grows to twice as much. It pays for its
     * row and its filter, and is decompressed in a fraction of a millisecond. An index of the chunk table has the number too.
     */
    public static final int COMPACTED_RAW_BYTES = 512 * 1024;

    /** So many chunks that do not fill one together are merged: fewer hurt no reader, and merging costs. */
    public static final int COMPACTED_CHUNKS_MIN = 32;

    /**
     * Measured on an access log, JSON lines and a Java service's log, taken apart: 6 makes them 16 % smaller, 4 % larger and 9 % smaller
     * than 1, in one to three times the time; 8 another 2 to 6 % smaller, in 1.5 to 2.3 times the time; 3 is no smaller than 1.
     */
    public static final int COMPACTED_COMPRESSION_LEVEL = 6;

    /** Chunks below so many bytes of rows have no filter, and stay rows: reading one is as cheap as asking it. */
    public static final int FILTERED_RAW_BYTES_MIN = 16 * 1024;

    /** Small chunks of a workload that are looked at together; the others' turn comes soon. */
    public static final int COMPACTION_CHUNKS_MAX = 4096;

    /** Workloads with small chunks that are looked at together: some thousand entries of the index. */
    public static final int COMPACTION_CANDIDATES = 500;

    /** While so much waits to be stored, compaction waits too. */
    public static final long COMPACTION_UNSTORED_BYTES = 4L * 1024 * 1024;

    /** But not for longer than this before each merge: many small chunks slow all readers. */
    public static final Duration COMPACTION_PATIENCE = Duration.ofSeconds(1);

    /** How often it looks meanwhile. */
    public static final Duration COMPACTION_PAUSE = Duration.ofMillis(20);

    /** Looking for chunks in vain takes at most about this part of the time. */
    public static final int COMPACTION_REST_FACTOR = 100;

    /** How often each partition's old lines are looked for. */
    public static final Duration RETENTION_EACH = Duration.ofHours(1);

    /** How often budgets are checked: what a fast writer stores meanwhile must find room on the disk. */
    public static final Duration BUDGETS_EACH = Duration.ofMinutes(1);

    /** Chunks that are removed in one transaction: some megabytes, within some ten milliseconds. */
    public static final int REMOVED_CHUNKS = 200;

    /** Chunks that are chosen together where a budget is exceeded: choosing looks at all of them. */
    public static final int CHOSEN_CHUNKS = 5000;

    /** Workloads whose rules are read together. */
    public static final int RULES_PAGE = 1000;

    /** Summing up all chunks may take longer than other statements; less than the socket's patience. */
    public static final Duration SUM_PATIENCE = Duration.ofSeconds(15);

    /** How often a removal begins again where compaction was quicker, before it waits for the next time. */
    public static final int REMOVAL_TRIES = 1000;

    /** Workloads whose newest labels are remembered, so that each is stored once. */
    public static final int LABELLED_MAX = 20_000;

    /** The rest of a long line that was sent in pieces is waited for so long: whoever sends them does so at once. */
    public static final Duration PIECES_PATIENCE = Duration.ofSeconds(30);

    /** Characters of a message in a program record; longer ones are cut and marked. */
    public static final int RECORD_MESSAGE_CHARACTERS = 8192;

    /** Chunks that one question has read and not looked through: enough for all processors, a bound for the heap. */
    public static final int SCAN_CHUNKS = 8;

    /** Their rows, uncompressed: chunks with very long lines are large. */
    public static final long SCAN_RAW_BYTES = 8L * 1024 * 1024;

    /** Rows, uncompressed, that one call of a search looks through: a fraction of a second, so that its reader sees it go on. */
    public static final long SEARCH_RAW_BYTES = 64L * 1024 * 1024;

    /** Lives whose last lines are read at the same time: when two hundred end at once, storing goes on. */
    public static final int EVIDENCE_READERS = 3;

    /** Rows that are looked through for the last lines of one of several instances: ten may write as much as it does. */
    public static final int EVIDENCE_SHARED_LINES = 1000;

    /** Rows that are looked through for an end whose number is not known: it was stored by who owned the workload before. */
    public static final int EVIDENCE_SOUGHT_LINES = 5000;

    private LogLimits() {}
}
