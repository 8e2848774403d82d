package io.spyhop.gateway.jobs;

import io.spyhop.contracts.job.RunId;
import io.spyhop.gateway.request.JsonBody;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How a job is to be run. Immutable. Its text does not show the parameters, which may hold secrets. */
record RunRequestBody(
        @Nullable @Schema(description = "Those that the job has, by name; shown with the run")
        Map<String, @Nullable String> parameters,

        @Nullable
        @Schema(
                description =
                        "A run to repeat with its definition, image and parameters as they were, whatever the job is"
                                + " now; not together with parameters")
        String rerunOf) {
    /** Nothing is asked for. */
    static final RunRequestBody EMPTY = new RunRequestBody(null, null);

    @Override
    public String toString() {
        return "a run";
    }

    Map<String, String> given() {
        if (rerunOf != null && parameters != null && !parameters.isEmpty()) {
            throw JsonBody.field("parameters", "not together with rerunOf");
        }
        return JobRequest.texts("parameters", parameters);
    }

    @Nullable
    RunId repeated() {
        if (rerunOf != null && !RunId.isValid(rerunOf)) {
            throw JsonBody.field("rerunOf", "the id of a run of this job");
        }
        return rerunOf == null ? null : new RunId(rerunOf);
    }
}
