package io.spyhop.jobs.schedule;

import java.time.Duration;

/** How schedules are looked at. */
final class ScheduleLimits {
    /** What is due within so long is written down now, so that it can begin at its instant: a look may fail once. */
    static final Duration AHEAD = Duration.ofSeconds(2);

    /** A time that passed so long ago is still taken: a restart, or another replica's end, takes less. */
    static final Duration LATE = Duration.ofSeconds(30);

    /** Jobs in one transaction: at worst, after a long time without Spyhop, a second or two of counting what was missed. */
    static final int BATCH = 50;

    /** More missed times than that say no more, and would take long to find: 30 µs each. */
    static final int COUNTED_MAX = 1000;

    /** A run that is asked to end gets this long, as deployments do. */
    static final Duration ENDING = Duration.ofSeconds(10);

    /** Between two attempts; as {@code JobDefinition} says. */
    static final Duration BACKOFF_MAX = Duration.ofHours(1);

    /** Where no next time comes, and no attempt is ever ended. */
    static final Duration ENDLESS = Duration.ofDays(1);

    /** Between two looks, however soon something is due: it may wait for another run's end. */
    static final Duration QUIET_MIN = Duration.ofSeconds(1);

    /** While nothing is due soon: by then another clock, this one, or somebody's hand in the database may have changed that. */
    static final Duration QUIET_MAX = Duration.ofSeconds(10);

    private ScheduleLimits() {}
}
