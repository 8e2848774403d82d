package io.spyhop.jobs.run;

import io.spyhop.contracts.job.RunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended. Immutable.
 *
 * @param status {@code SUCCEEDED}, {@code FAILED} or {@code LOST}; that it was cancelled, or took too long, is added to it
 * @param exitCode null where nobody knows
 * @param signal that ended it, such as {@code SIGKILL}; null where none did
 * @param oomKilled what the engine said; null where it was not asked
 * @param startedAt when the command began; null where it never did
 * @param endedAt by the engine's clock where that is known
 * @param reason for people; null where there is nothing to say
 */
public record AttemptEnd(
        RunStatus status,
        @Nullable Integer exitCode,
        @Nullable String signal,
        @Nullable Boolean oomKilled,
        @Nullable Instant startedAt,
        Instant endedAt,
        @Nullable String reason) {
    /** Nobody knows how it ended. */
    public static AttemptEnd lost(@Nullable Instant startedAt, Instant at, String reason) {
        return new AttemptEnd(RunStatus.LOST, null, null, null, startedAt, at, reason);
    }

    /** It never began. */
    public static AttemptEnd refused(@Nullable Integer exitCode, Instant at, String reason) {
        return new AttemptEnd(RunStatus.FAILED, exitCode, null, null, null, at, reason);
    }

    /** It ended with a code. */
    public static AttemptEnd exited(
            int exitCode, @Nullable Boolean oomKilled, @Nullable Instant startedAt, Instant endedAt) {
        return new AttemptEnd(
                exitCode == 0 ? RunStatus.SUCCEEDED : RunStatus.FAILED,
                exitCode,
                ExitSignal.of(exitCode),
                oomKilled,
                startedAt,
                endedAt,
                Boolean.TRUE.equals(oomKilled) ? "memory ran out" : Reasons.ofCode(exitCode));
    }

    /** The same end of something that was asked to end. */
    AttemptEnd as(RunStatus other, @Nullable String why) {
        return new AttemptEnd(other, exitCode, signal, oomKilled, startedAt, endedAt, why);
    }
}
