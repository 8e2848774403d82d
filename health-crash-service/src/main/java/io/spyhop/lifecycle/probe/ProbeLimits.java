package io.spyhop.lifecycle.probe;

import java.time.Duration;

/** Limits of this package, each with its reason. */
final class ProbeLimits {
    /** What is read of an answer: a health answer is small, and only its status counts. */
    static final int ANSWER_BYTES_MAX = 64 * 1024;

    /** A status line or a header line; one that is longer is no health answer. */
    static final int HEADER_LINE_MAX = 8 * 1024;

    static final int HEADERS_MAX = 100;

    /** Answers before the answer, such as 103; more of them are a trick. */
    static final int INTERIM_MAX = 5;

    /** At once, of all hosts: as many as hang, with the longest timeout of a usual one, when a thousand a minute do. */
    static final int AT_ONCE_MAX = 256;

    /** Questions to one engine at once: enough to hide latency, few enough to spare it. */
    static final int ENGINE_CALLS = 4;

    /** Where an address might not lead to the container, another way gets the rest of the time. */
    static final int ADDRESS_TIME_PART = 4;

    /** Probes that are due within the same second are sent, and stored, together. */
    static final Duration SWEEP = Duration.ofSeconds(1);

    /** Clocks of replicas' transactions differ by less. */
    static final Duration SETTINGS_OVERLAP = Duration.ofSeconds(30);

    /** A plan that could not be made, for the engine or the database is away, is made again. */
    static final Duration PLAN_AGAIN = Duration.ofSeconds(5);

    /** How often an image's own health check is read: engines run it every 30 s as a rule, and keep five results. */
    static final Duration ENGINE_EACH_MAX = Duration.ofSeconds(15);

    /** What waits to be stored: ten minutes of a thousand probes each. */
    static final int UNSTORED_MAX = 10_000;

    /** A batch of a second, and what was kept while the database was away. */
    static final int BATCH_MAX = 1000;

    /** Probes are stored so much later, together. */
    static final Duration BATCH_TIME = Duration.ofMillis(500);

    /** A change waits so long for its probe to be stored, then it is told nevertheless. */
    static final Duration STORED_MAX = Duration.ofSeconds(5);

    static final Duration RETRY = Duration.ofSeconds(1);

    /** Rows that one statement removes: it stays well below the database's time for a statement. */
    static final int REMOVED_AT_ONCE = 10_000;

    /** Instances of a workload of which an answer tells. */
    static final int INSTANCES_MAX = 100;

    /** The bounds of what may be set. */
    static final Duration TIMEOUT_MIN = Duration.ofMillis(100);

    static final Duration TIMEOUT_MAX = Duration.ofSeconds(30);
    static final int THRESHOLD_MAX = 100;
    static final int PATH_MAX = 1000;

    private ProbeLimits() {}
}
