package io.spyhop.lifecycle.deploy;

import java.time.Duration;

/** Limits of what is done with workloads. */
final class DeployLimits {
    /** What a program gets to end by itself, unless its label says otherwise. */
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** The kernel ends a process within milliseconds; one that lives on for so long hangs in it. */
    static final Duration KILL_TIME_MAX = Duration.ofSeconds(10);

    /** How long a removal waits for what is known of the end to be stored. */
    static final Duration EVIDENCE_TIME_MAX = Duration.ofSeconds(30);

    /** The engine's clock and Spyhop's; where they do more, a program may be asked twice to end after a kill of Spyhop. */
    static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    /** Past events come in one go; a pause this long means that there are no more. */
    static final Duration REPLAY_PAUSE = Duration.ofMillis(200);

    /** As many as an engine keeps. */
    static final int REPLAYED_MAX = 256;

    /** Between two looks at a container that is to end: what a stop takes longer than its program. */
    static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** What failed is tried again after this, twice as much each time. */
    static final Duration RETRY_FIRST = Duration.ofSeconds(1);

    /** But after this at the latest. */
    static final Duration RETRY_MAX = Duration.ofSeconds(30);

    /** More at once would only wait for the engine. */
    static final int RUNNING_MAX = 64;

    /** Of ports in use by others: then the range is no good. */
    static final int PORTS_TRIED_MAX = 50;

    private DeployLimits() {}
}
