package io.spyhop.jobs.schedule;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job whose schedule is due, or will be within moments. Immutable.
 *
 * @param org whose the workload is
 * @param anchor from when on its schedule counts
 * @param dueAt the time that is due
 * @param passedAt the first time since the last success that passed; null where none did
 * @param expectedAt by when that one should have succeeded; null likewise
 */
record DueJob(
        WorkloadId workload,
        String org,
        int revision,
        JobDefinition definition,
        Instant anchor,
        Instant dueAt,
        @Nullable Instant passedAt,
        @Nullable Instant expectedAt) {}
