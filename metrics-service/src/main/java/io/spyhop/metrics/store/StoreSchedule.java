package io.spyhop.metrics.store;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rolls up what has settled, makes partitions ahead and drops old ones. A failure is mended by the next time. While the clock is
 * not believed it does nothing: a clock that is a year ahead for a moment would make everything old.
 */
@ApplicationScoped
@Startup(Interceptor.Priority.PLATFORM_BEFORE - 1) // What is wrong with the settings is told before anything runs.
class StoreSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoreSchedule.class);

    private final RollUpStore rollUp;
    private final PartitionStore partitions;
    private final RetentionStore retention;
    private final StoreMetrics metrics;
    private final ClockWatch clock = new ClockWatch(Instant.now(), System.nanoTime());
    // Not at once: the clock of a machine that has just started may be wrong, and is set soon.
    private long lookedAt = System.nanoTime();
    private boolean doubted;
    private volatile boolean stopped;

    @Inject
    StoreSchedule(
            RollUpStore rollUp,
            PartitionStore partitions,
            RetentionStore retention,
            StoreMetrics metrics,
            RetentionConfig config) {
        this.rollUp = rollUp;
        this.partitions = partitions;
        this.retention = retention;
        this.metrics = metrics;
        if (config.raw().compareTo(config.minutes()) > 0 || config.minutes().compareTo(config.hours()) > 0) {
            throw new ConfigurationException(
                    "spyhop.metrics.retention: raw must not be longer than minutes, nor minutes than hours");
        }
    }

    @Scheduled(every = "20s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    void run() {
        if (!isClockBelieved()) {
            return;
        }
        try {
            rollUp(Instant.now());
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Samples were not rolled up.");
        }
        if (stopped || System.nanoTime() - lookedAt < StoreLimits.RETENTION_EACH.toNanos()) {
            return;
        }
        try {
            tidy(Instant.now());
            lookedAt = System.nanoTime();
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Old samples were not removed.");
        }
    }

    private boolean isClockBelieved() {
        boolean believed = clock.look(Instant.now(), System.nanoTime());
        if (!believed && !doubted) {
            LOGGER.atWarn().log("The clock was set: for an hour samples are neither rolled up nor removed.");
        } else if (believed && doubted) {
            LOGGER.atInfo().log("Samples are rolled up and removed again.");
        }
        doubted = !believed;
        return believed;
    }

    /** Rolls up all that has settled, and what came late. */
    void rollUp(Instant now) throws SQLException {
        if (rollUp.rewind(now)) {
            LOGGER.atWarn().log("Samples were rolled up to a time that has not come yet: the clock was wrong.");
        }
        Instant settled = now.minus(StoreLimits.SETTLED);
        while (!stopped && rollUp.step(settled)) {
            // Each step is a transaction of its own.
        }
        int done = StoreLimits.LATE_MAX;
        while (!stopped && done == StoreLimits.LATE_MAX) {
            done = rollUp.late();
            metrics.late(done);
        }
    }

    /** Makes the partitions of the next day and drops old ones. */
    void tidy(Instant now) throws SQLException {
        for (Tier tier : Tier.values()) {
            partitions.ensure(tier, now);
            partitions.ensure(tier, now.plus(Duration.ofDays(1)));
        }
        int dropped = retention.drop(now);
        if (dropped > 0) {
            LOGGER.atInfo().addKeyValue("count", dropped).log("Partitions of old samples were dropped.");
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }
}
