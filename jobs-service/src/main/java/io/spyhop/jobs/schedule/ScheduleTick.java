package io.spyhop.jobs.schedule;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all schedules. As many replicas as like look at once: what one holds, the others pass by. Thread-safe.
 */
final class ScheduleTick {
    private static final Logger LOGGER = LoggerFactory.getLogger(ScheduleTick.class);

    private final ClaimStore store;
    private final ScheduleMetrics metrics;
    private final Clock clock;
    /** Before this nothing is due that was there when it was looked last. */
    private volatile Instant quietUntil = Instant.MIN;

    ScheduleTick(ClaimStore store, ScheduleMetrics metrics, Clock clock) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** A job was made or changed: the next look is a real one. */
    void wake() {
        quietUntil = Instant.MIN;
    }

    /** Claims all that is due or soon will be. */
    void look() throws SQLException {
        Instant now = clock.instant();
        if (now.isBefore(quietUntil)) {
            return;
        }
        quietUntil = now.plus(ScheduleLimits.QUIET_MAX);
        try {
            ClaimStore.Claimed claimed;
            do {
                claimed = store.claim(now.plus(ScheduleLimits.AHEAD), now, (job, alone) -> decide(job, alone, now));
                claimed.moved().forEach(this::tell);
                // Those that wait for another run's end are found again: without any others there is nothing to do.
            } while (claimed.looked() == ScheduleLimits.BATCH
                    && !claimed.moved().isEmpty());
            Instant first = store.first().orElse(Instant.MAX);
            Instant soon = first.equals(Instant.MAX) ? first : first.minus(ScheduleLimits.AHEAD);
            if (soon.isBefore(quietUntil)) {
                quietUntil = soon;
            }
        } catch (SQLException | RuntimeException e) {
            wake();
            throw e;
        }
    }

    private static Optional<Claim> decide(DueJob job, boolean alone, Instant now) {
        try {
            return Claims.decide(job, alone, now);
        } catch (ScheduleException e) {
            // It could be read once, when it was set: by another version.
            LOGGER.atError()
                    .addKeyValue("workload", job.workload())
                    .addKeyValue("job", job.definition().id())
                    .addKeyValue("reason", e.reason())
                    .log("A job's schedule cannot be read any more.");
            return Optional.of(new Claim(null, 1, null, job.passedAt(), job.expectedAt()));
        }
    }

    private void tell(DueJob job, Claim claim) {
        if (claim.runAt() != null) {
            metrics.claimed();
        }
        if (claim.missed() > 0) {
            metrics.missed(claim.missed());
            LOGGER.atWarn()
                    .addKeyValue("workload", job.workload())
                    .addKeyValue("job", job.definition().id())
                    .addKeyValue("count", claim.missed())
                    .log("Times of a schedule passed without a run.");
        }
    }
}
