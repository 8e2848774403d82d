package io.spyhop.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunDetails;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A run as clients see it, with what it was made of; of its environment the names alone. Immutable. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunAnswer(
        @JsonUnwrapped Run run,

        DefinitionAnswer definition,

        int definitionRevision,

        @Schema(description = "What was given, or was the default")
        Map<String, String> parameters,

        @Nullable String image,
        @Nullable String imageDigest,

        @Schema(description = "The names of all variables that it got")
        List<String> envKeys) {
    static RunAnswer of(RunDetails details) {
        return new RunAnswer(
                details.run(),
                DefinitionAnswer.of(details.definition(), false),
                details.definitionRevision(),
                details.parameters(),
                details.image(),
                details.imageDigest(),
                details.envKeys());
    }
}
