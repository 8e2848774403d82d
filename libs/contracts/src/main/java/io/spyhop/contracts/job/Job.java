package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.spyhop.contracts.WorkloadId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job of a workload as it is now. Immutable.
 *
 * @param workload whose job it is
 * @param source {@code api}, or {@code label} where labels of the workload's container define it
 * @param revision from 1, one more for each change
 * @param nextAt when the schedule is due next; null where it never is
 * @param missedCount how many times of the schedule passed without a run since its last success
 * @param overdue whether a time of the schedule has passed since its last success that should have succeeded by now
 * @param lastRun the newest run; null before the first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Job(
        @JsonUnwrapped JobDefinition definition,
        WorkloadId workload,
        String source,
        int revision,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant nextAt,
        int missedCount,
        boolean overdue,
        @Nullable Run lastRun) {
    /** Made by a request. */
    public static final String BY_API = "api";

    /** Made by labels. */
    public static final String BY_LABEL = "label";
}
