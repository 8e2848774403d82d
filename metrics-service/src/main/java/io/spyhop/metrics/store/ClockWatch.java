package io.spyhop.metrics.store;

import java.time.Duration;
import java.time.Instant;

/**
 * Notices when the wall clock was set: between two looks it went another way than the clock that nobody sets. Whoever would
 * remove what seems old waits until it is believed again. Used by one thread.
 */
final class ClockWatch {
    private Instant lookedAt;
    private long lookedAtNanos;
    private long doubtedAtNanos;
    private boolean doubted;

    ClockWatch(Instant now, long nanos) {
        lookedAt = now;
        lookedAtNanos = nanos;
    }

    /** Looks at both clocks, and says whether the wall clock is believed. */
    boolean look(Instant now, long nanos) {
        Duration wall = Duration.between(lookedAt, now);
        Duration difference = wall.minusNanos(nanos - lookedAtNanos).abs();
        lookedAt = now;
        lookedAtNanos = nanos;
        if (difference.compareTo(StoreLimits.CLOCK_STEP) > 0) {
            doubted = true;
            doubtedAtNanos = nanos;
        } else if (doubted && nanos - doubtedAtNanos >= StoreLimits.CLOCK_DOUBT.toNanos()) {
            doubted = false;
        }
        return !doubted;
    }
}
