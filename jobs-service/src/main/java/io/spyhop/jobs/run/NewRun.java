package io.spyhop.jobs.run;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run that is to be written down. Immutable. Its text does not show the parameters, which may hold secrets.
 *
 * @param org whose the workload is
 * @param definition as it is now, or was then
 * @param parameters by name, those that are their default too
 * @param triggeredBy see {@code Run}
 * @param dueAt which time of the schedule it is of; null where of none
 * @param dueFrom nothing begins before: the time of the schedule, or now
 * @param image the name of the image that is repeated; null for whatever the job means then
 * @param imageDigest that image by what it contains; null where the job's is taken
 * @param idempotencyKey null for none
 */
public record NewRun(
        RunId id,
        RunProof proof,
        WorkloadId workload,
        String org,
        JobDefinition definition,
        int definitionRevision,
        Map<String, String> parameters,
        String triggeredBy,
        @Nullable String triggeredByName,
        @Nullable RunId rerunOf,
        @Nullable Instant dueAt,
        Instant queuedAt,
        Instant dueFrom,
        @Nullable String image,
        @Nullable String imageDigest,
        @Nullable String idempotencyKey) {
    /** Copies the parameters. */
    public NewRun {
        parameters = Map.copyOf(parameters);
    }

    @Override
    public String toString() {
        return id.value();
    }
}
