package io.spyhop.jobs.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the times of a schedule that are due. Immutable.
 *
 * @param runAt the time that a run is made for; null for none
 * @param missed how many others passed without one
 * @param nextAt the time after; null where none comes
 * @param passedAt see {@link DueJob}
 * @param expectedAt see {@link DueJob}
 */
record Claim(
        @Nullable Instant runAt,
        int missed,
        @Nullable Instant nextAt,
        @Nullable Instant passedAt,
        @Nullable Instant expectedAt) {}
