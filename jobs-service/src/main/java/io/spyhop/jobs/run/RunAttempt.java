package io.spyhop.jobs.run;

import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a run, on a virtual thread of its own, from its beginning or from where it was left to its end. It ends when the
 * attempt is over, belongs to somebody else, has to wait, or the thread is interrupted. What is not written down is done again.
 */
final class RunAttempt {
    private static final Logger LOGGER = LoggerFactory.getLogger(RunAttempt.class);

    private final DueRun due;
    private final Execution execution;
    private final RunStore store;
    private final RunMetrics metrics;
    private final Clock clock;

    RunAttempt(DueRun due, Execution execution, RunStore store, RunMetrics metrics, Clock clock) {
        this.due = due;
        this.execution = execution;
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What becomes of it next. */
    enum Result {
        /** It is over, or not this replica's. */
        DONE,
        /** Its engine is away. */
        WAITS,
        /** Something could not be written down. */
        UNWRITTEN
    }

    /**
     * Goes on with it.
     *
     * @param waited whether it was its engine that it waited for
     */
    Result run(boolean waited) throws InterruptedException {
        try {
            return CurrentTrace.call(TraceContext.begin(), () -> go(waited));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            LOGGER.atDebug().addKeyValue("run", due.id()).setCause(e).log("An attempt of a run has to wait.");
            return Result.UNWRITTEN;
        }
    }

    private Result go(boolean waited) throws InterruptedException, SQLException {
        boolean begins = due.status() == RunStatus.QUEUED;
        if (begins && waited && !ready()) {
            return Result.WAITS;
        }
        Optional<OpenRun> open = begins ? store.begin(due, clock.instant()) : store.resume(due.id(), due.attempt());
        if (open.isEmpty()) {
            return Result.DONE;
        }
        OpenRun run = open.get();
        AttemptEnd end;
        try {
            end = execution.attempt(run);
        } catch (EngineRefusedException e) {
            end = AttemptEnd.refused(null, clock.instant(), Reasons.of(e));
        } catch (EngineException e) {
            return waits(run, e);
        }
        finish(run, end);
        return Result.DONE;
    }

    private boolean ready() throws SQLException {
        try {
            execution.prepare(due.workload());
            return true;
        } catch (EngineRefusedException e) {
            return true;
        } catch (EngineException e) {
            return false;
        }
    }

    private Result waits(OpenRun run, EngineException e) throws InterruptedException, SQLException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        String reason = Reasons.of(e);
        if (!store.putOff(run, clock.instant().plus(RunLimits.RETRY), reason)) {
            store.waiting(run, reason);
        }
        return Result.WAITS;
    }

    /**
     * Writes down how it ended, however long the database is away: nobody can tell as well later. Of a command inside a container the
     * engine forgets the code within minutes, and a container may be removed by hand.
     */
    private void finish(OpenRun run, AttemptEnd end) throws InterruptedException {
        while (!written(run, end)) {
            Thread.sleep(RunLimits.RETRY);
        }
    }

    private boolean written(OpenRun run, AttemptEnd end) {
        try {
            Optional<OpenRun> now = store.resume(run.id(), run.attempt());
            // Not where it was cancelled since it was read.
            return now.isEmpty() || write(now.get(), judged(now.get(), end));
        } catch (SQLException e) {
            LOGGER.atDebug()
                    .addKeyValue("run", due.id())
                    .setCause(e)
                    .log("How a run ended cannot be written down yet.");
            return false;
        }
    }

    private boolean write(OpenRun run, AttemptEnd end) throws SQLException {
        boolean again = run.attempt() < run.attemptsMax()
                && run.cancelRequestedAt() == null
                && (end.status() == RunStatus.FAILED || end.status() == RunStatus.TIMED_OUT);
        if (again) {
            return store.again(run, end, clock.instant().plus(pause(run)));
        }
        boolean completed = store.complete(run, end);
        if (completed) {
            metrics.ended(end.status());
        }
        return completed;
    }

    /** What was asked to end ended for that, but for what had succeeded before it was asked. */
    static AttemptEnd judged(OpenRun run, AttemptEnd end) {
        Instant signalled = run.stopSignalledAt();
        boolean cancelled = run.cancelRequestedAt() != null;
        if (cancelled && (signalled != null || end.startedAt() == null)) {
            return succeededBefore(signalled, end) ? end : end.as(RunStatus.CANCELLED, null);
        }
        if (signalled != null
                && end.status() != RunStatus.LOST
                && !succeededBefore(signalled, end)
                && !inTime(run, end)) {
            return end.as(
                    RunStatus.TIMED_OUT,
                    "it took longer than " + run.definition().timeoutSeconds() + " s");
        }
        return end;
    }

    /** By one clock, the engine's: what ended in time did not end for its signal, even if that was given before its end was known. */
    private static boolean inTime(OpenRun run, AttemptEnd end) {
        Instant startedAt = end.startedAt();
        Duration timeout = Duration.ofSeconds(run.definition().timeoutSeconds());
        return startedAt != null && Duration.between(startedAt, end.endedAt()).compareTo(timeout) < 0;
    }

    private static boolean succeededBefore(@Nullable Instant signalled, AttemptEnd end) {
        return end.status() == RunStatus.SUCCEEDED
                && signalled != null
                && end.endedAt().isBefore(signalled);
    }

    /** Twice as long each time. */
    static Duration pause(OpenRun run) {
        Duration first = Duration.ofSeconds(run.definition().retryBackoffSeconds());
        Duration pause = first.multipliedBy(1L << Math.min(run.attempt() - 1, 12));
        return pause.compareTo(RunLimits.BACKOFF_MAX) > 0 ? RunLimits.BACKOFF_MAX : pause;
    }
}
