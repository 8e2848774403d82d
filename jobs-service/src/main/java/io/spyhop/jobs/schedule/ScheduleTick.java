package io.spyhop.jobs.schedule;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
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

    ScheduleTick(ClaimStore store, ScheduleMetrics metrics, Clock clock) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Claims all that is due or soon will be; tells after how long to look again, unless a job is made or changed before. */
    Duration look() throws SQLException {
        Instant now = clock.instant();
        ClaimStore.Claimed claimed;
        do {
            claimed = store.claim(now.plus(ScheduleLimits.AHEAD), now, (job, alone) -> decide(job, alone, now));
            claimed.moved().forEach(this::tell);
            // Those that wait for another run's end are found again: without any others there is nothing to do.
        } while (claimed.looked() == ScheduleLimits.BATCH && !claimed.moved().isEmpty());
        return store.first()
                .map(first -> Duration.between(now, first.minus(ScheduleLimits.AHEAD)))
                .filter(quiet -> quiet.compareTo(ScheduleLimits.QUIET_MAX) < 0)
                .map(quiet -> quiet.compareTo(ScheduleLimits.QUIET_MIN) < 0 ? ScheduleLimits.QUIET_MIN : quiet)
                .orElse(ScheduleLimits.QUIET_MAX);
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
