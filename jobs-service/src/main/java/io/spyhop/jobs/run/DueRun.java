package io.spyhop.jobs.run;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What decides when something is to be done about an open run. Immutable.
 *
 * @param attempt the newest one's number; 0 before the first
 * @param dueAt nothing begins before
 * @param startedAt when the attempt's command began; null before
 * @param timeoutSeconds 0 for none
 * @param cancelRequestedAt null where nobody did
 * @param stopSignalledAt null where the attempt was not yet asked to end
 */
record DueRun(
        RunId id,
        WorkloadId workload,
        JobMode mode,
        RunStatus status,
        int attempt,
        Instant dueAt,
        @Nullable Instant startedAt,
        long timeoutSeconds,
        @Nullable Instant cancelRequestedAt,
        @Nullable Instant stopSignalledAt) {
    /** When the attempt has to be over; null for never. */
    @Nullable
    Instant deadline() {
        return startedAt == null || timeoutSeconds == 0 ? null : startedAt.plusSeconds(timeoutSeconds);
    }
}
