package io.spyhop.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.Run;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A job as clients see it. Immutable. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobAnswer(
        @JsonUnwrapped DefinitionAnswer definition,
        WorkloadId workload,

        @Schema(description = "`api`, or `label` where labels of the container define it")
        String source,

        int revision,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant nextAt,

        @Schema(description = "Times of the schedule that passed without a run since its last success")
        int missedCount,

        @Schema(description = "Whether the schedule should have succeeded by now")
        boolean overdue,

        @Nullable Run lastRun) {
    /** All jobs of a workload. */
    @Schema(name = "JobAnswers")
    record All(List<JobAnswer> items) {}

    /** With the values of its environment only where they may be seen. */
    static JobAnswer of(Job job, boolean values) {
        return new JobAnswer(
                DefinitionAnswer.of(job.definition(), values),
                job.workload(),
                job.source(),
                job.revision(),
                job.createdAt(),
                job.updatedAt(),
                job.nextAt(),
                job.missedCount(),
                job.overdue(),
                job.lastRun());
    }
}
