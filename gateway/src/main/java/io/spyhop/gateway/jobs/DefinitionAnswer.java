package io.spyhop.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.JobParameter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a job is, as clients see it: values of its environment may be secret, and are shown to who could set them. Immutable.
 *
 * @param env null for who sees the names alone
 * @param envKeys their names, in order
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DefinitionAnswer(
        String id,
        String name,
        JobMode mode,

        JobCommand command,

        @Nullable @Schema(description = "For operators alone, and not in runs")
        Map<String, String> env,

        List<String> envKeys,
        List<JobParameter> parameters,
        @Nullable String image,
        @Nullable String workingDirectory,
        long timeoutSeconds,
        int retries,
        long retryBackoffSeconds,
        String concurrency,
        @Nullable String schedule,
        String timeZone,
        String missed,
        boolean enabled) {
    @Override
    public String toString() {
        return "job " + id;
    }

    /** With values only where they may be seen. */
    static DefinitionAnswer of(JobDefinition job, boolean values) {
        return new DefinitionAnswer(
                job.id(),
                job.name(),
                job.mode(),
                job.command(),
                values ? job.env() : null,
                job.env().keySet().stream().sorted().toList(),
                job.parameters(),
                job.image(),
                job.workingDirectory(),
                job.timeoutSeconds(),
                job.retries(),
                job.retryBackoffSeconds(),
                job.concurrency(),
                job.schedule(),
                job.timeZone(),
                job.missed(),
                job.enabled());
    }
}
