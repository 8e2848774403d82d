package io.spyhop.jobs.run;

import io.spyhop.engine.EngineException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what an attempt runs: asks it, and when its time is over kills it, again and again until the attempt is over. On a virtual
 * thread of its own, which is interrupted then. That it was asked is written down first, so after a kill of Spyhop the time goes on.
 */
final class RunStop implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(RunStop.class);

    private final DueRun due;
    private final Execution execution;
    private final RunStore store;
    private final Clock clock;

    RunStop(DueRun due, Execution execution, RunStore store, Clock clock) {
        this.due = due;
        this.execution = execution;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            Duration pause = Duration.ZERO;
            while (pause != null) {
                Thread.sleep(pause);
                pause = round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After how long there is something to do again; null for never. */
    private @Nullable Duration round() throws InterruptedException {
        try {
            Optional<OpenRun> now = store.resume(due.id(), due.attempt());
            return now.isEmpty() ? null : end(now.get());
        } catch (SQLException | EngineException e) {
            LOGGER.atDebug().addKeyValue("run", due.id()).setCause(e).log("A run cannot be ended now.");
            return RunLimits.RETRY;
        }
    }

    private Duration end(OpenRun run) throws InterruptedException, SQLException {
        Instant asked = run.stopSignalledAt();
        Duration grace = execution.grace(run);
        if (asked == null) {
            store.signalled(run.id(), run.attempt(), clock.instant());
            execution.stop(run, false);
            return grace;
        }
        Duration left = Duration.between(clock.instant(), asked.plus(grace));
        if (left.isPositive()) {
            // Written down before a kill of Spyhop: whether it was done nobody knows.
            execution.stop(run, false);
            return left;
        }
        execution.stop(run, true);
        return RunLimits.KILL_EVERY;
    }
}
