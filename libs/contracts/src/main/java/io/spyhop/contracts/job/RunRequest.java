package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run that somebody wants. Immutable. Its text does not show the parameters, which may hold secrets.
 *
 * @param org whose the workload is
 * @param triggeredBy see {@link Run}
 * @param triggeredByName see {@link Run}
 * @param parameters by name
 * @param idempotencyKey the same one, within a day, is answered with the same run; null for none
 * @param rerunOf a run to repeat with its definition, image and parameters as they were; null for the job as it is
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunRequest(
        String org,
        String triggeredBy,
        @Nullable String triggeredByName,
        Map<String, String> parameters,
        @Nullable String idempotencyKey,
        @Nullable RunId rerunOf) {
    /** Copies the parameters. */
    public RunRequest {
        parameters = Map.copyOf(parameters);
    }

    @Override
    public String toString() {
        return "a run triggered by " + triggeredBy;
    }
}
