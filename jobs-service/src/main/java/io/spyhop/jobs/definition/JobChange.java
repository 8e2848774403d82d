package io.spyhop.jobs.definition;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is to be. Immutable.
 *
 * @param org whose the workload is
 * @param source see {@code Job}
 * @param at when it was asked for
 * @param nextAt when its schedule is due first after that; null for never
 */
record JobChange(
        WorkloadId workload,
        String org,
        String source,
        JobDefinition definition,
        Instant at,
        @Nullable Instant nextAt) {}
