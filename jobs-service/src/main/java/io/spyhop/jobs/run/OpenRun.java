package io.spyhop.jobs.run;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a run that goes on, as it was written down last. Immutable. Its text shows neither parameters nor environment.
 *
 * @param proof null where the run was asked for before there were any
 * @param attempt from 1
 * @param host where its container is; null before that was decided
 * @param containerId null before it was made
 * @param image by its name; of a repetition the repeated one's, before it is started too
 * @param imageDigest likewise, by what it contains
 * @param startedAt when the attempt's command began; null before
 * @param cancelRequestedAt null where nobody did
 * @param stopSignalledAt when it was first asked to end; null before
 * @param execId the engine's id of an exec; null before
 * @param execPid on the engine's machine; null where it is not known
 */
public record OpenRun(
        RunId id,
        @Nullable RunProof proof,
        WorkloadId workload,
        String org,
        JobDefinition definition,
        Map<String, String> parameters,
        int attempt,
        int attemptsMax,
        @Nullable String host,
        @Nullable String containerId,
        @Nullable String image,
        @Nullable String imageDigest,
        @Nullable Instant startedAt,
        @Nullable Instant cancelRequestedAt,
        @Nullable Instant stopSignalledAt,
        @Nullable String execId,
        @Nullable Long execPid) {
    /** Copies the parameters. */
    public OpenRun {
        parameters = Map.copyOf(parameters);
    }

    @Override
    public String toString() {
        return id + " attempt " + attempt;
    }
}
