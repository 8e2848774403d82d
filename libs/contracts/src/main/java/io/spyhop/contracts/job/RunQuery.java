package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are asked for. Immutable.
 *
 * @param jobId null for all jobs of the workload
 * @param status null for all
 * @param triggeredBy null for all
 * @param from queued at or after; null for all
 * @param to queued before; null for all
 * @param limit 1 to {@link JobsApi#PAGE_MAX}
 * @param cursor where the last page ended; null for the first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunQuery(
        WorkloadId workload,
        @Nullable String jobId,
        @Nullable RunStatus status,
        @Nullable String triggeredBy,
        @Nullable Instant from,
        @Nullable Instant to,
        int limit,
        @Nullable String cursor) {}
