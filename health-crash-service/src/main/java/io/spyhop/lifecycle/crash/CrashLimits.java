package io.spyhop.lifecycle.crash;

import java.time.Duration;

/** Every limit of crash reports, with its reason. */
final class CrashLimits {
    /** Reports that a workload keeps: some megabytes; a workload that crashes each minute has those of the last hours. */
    static final int REPORTS_MAX = 100;

    /** Groups that a workload keeps count of: more different crashes than anybody looks through. */
    static final int GROUPS_MAX = 1000;

    /** So many crashes of a workload within {@link #LOOP_WITHIN} are a loop: one is bad luck, and two may be. */
    static final int LOOP_CRASHES = 3;

    /** The engine waits a minute at most between two restarts, so that a loop shows several crashes in this time. */
    static final Duration LOOP_WITHIN = Duration.ofMinutes(5);

    /** Characters of a line that are compared: what tells crashes apart comes first. */
    static final int COMPARED_CHARACTERS = 2000;

    /** Characters of the last error that lists show. */
    static final int ERROR_CHARACTERS = 300;

    /** Evidence of a life waits this long for a report. The watcher that knows more tries for two minutes. */
    static final Duration EVIDENCE_KEPT = Duration.ofHours(1);

    /**
     * Evidence is told with the time of the end, the report with that of the transition, which is later by some nanoseconds
     * where two happenings would bear the same time.
     */
    static final long SAME_END_NANOS = 1_000;

    /** A dead container waits this long for what others have to tell of its end, before it is removed nevertheless. */
    static final Duration FORENSICS_PATIENCE = Duration.ofSeconds(30);

    /** A dead container that could not be removed is tried again after this. */
    static final Duration REMOVAL_RETRY = Duration.ofSeconds(3);

    private CrashLimits() {}
}
