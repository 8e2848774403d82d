package io.spyhop.gateway.jobs;

import java.time.Duration;

/** The limits of requests for jobs. */
final class JobLimits {
    /** Runs in a page where nothing is said. */
    static final int RUNS = 100;

    /** How often a change is applied to a job that others change at the same time. */
    static final int PATCHES_MAX = 5;

    /** Of an idempotency key: more than any UUID or hash has. */
    static final int KEY_LENGTH_MAX = 200;

    /** How many runs are asked for at once, to look for a text in their output. */
    static final int CANDIDATES = 200;

    /** In how many outputs a text is sought at once; each takes a connection of log-service's. */
    static final int SOUGHT_AT_ONCE = 8;

    /** After which time no further output is looked into: one look takes half a second at most, two seconds are promised. */
    static final Duration SEARCH = Duration.ofMillis(1500);

    private JobLimits() {}
}
