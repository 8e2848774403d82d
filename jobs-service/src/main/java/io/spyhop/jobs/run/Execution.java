package io.spyhop.jobs.run;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.engine.EngineException;
import java.sql.SQLException;
import java.time.Duration;

/** How the runs of a mode are executed. Thread-safe. */
public interface Execution {
    /** Whose runs these are. */
    JobMode mode();

    /**
     * Whether {@link #stop} has a way to what runs: asked before somebody is told that it will be ended.
     *
     * @throws EngineException where the engine cannot be reached
     */
    default boolean canStop(OpenRun run) {
        return true;
    }

    /**
     * Does one attempt of a run, from where it stands to its end. Called again for the same attempt, by another process too, when
     * nobody knows how far it came: after a kill of Spyhop, or when the engine was away. Writes down what it makes before it goes on
     * ({@link RunStore#made}, {@link RunStore#started}). Does not care for timeouts and cancellation: what was signalled is told by
     * {@code RunLoop} from how it ended.
     *
     * @throws EngineException where the engine cannot be reached: what was begun is not over, and is gone on with later. A refusal
     *     is an end
     * @throws InterruptedException where the run is another replica's now, or Spyhop ends
     */
    AttemptEnd attempt(OpenRun run) throws InterruptedException, SQLException;

    /**
     * Asked before an attempt is begun again that could not be begun because the engine was away: whether that is over.
     *
     * @throws EngineException where it is not
     */
    default void prepare(WorkloadId workload) throws SQLException {}

    /** How long what runs has to end by itself once it was asked to. */
    default Duration grace(OpenRun run) {
        return RunLimits.STOP_TIMEOUT;
    }

    /**
     * Asks what runs to end, or ends it; {@link #attempt} sees the end. Does nothing where nothing runs. Called from a thread of its
     * own, again where it is not known whether it was done.
     *
     * @param kill whether it gets no time for it
     * @throws EngineException where the engine cannot be reached, or will not
     */
    void stop(OpenRun run, boolean kill) throws InterruptedException, SQLException;

    /**
     * Ends an attempt where it is no longer the caller's to go on with.
     *
     * @param mine what the store said when its next step was to be written down
     */
    static void goOnIf(boolean mine) throws InterruptedException {
        if (!mine) {
            throw new InterruptedException("the attempt is somebody else's, or over");
        }
    }
}
