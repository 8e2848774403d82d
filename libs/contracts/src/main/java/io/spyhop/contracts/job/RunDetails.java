package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run with what it was made of, as it was then. Immutable.
 *
 * @param definition of its job when it was asked for; of {@code env} the names only count here, the values are left out
 * @param definitionRevision of it
 * @param parameters what was given, or was the default
 * @param image by its name; null before it was started
 * @param imageDigest by what it contains; null before it was started
 * @param envKeys the names of all variables that it got, in order; empty before it was started
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunDetails(
        @JsonUnwrapped Run run,
        JobDefinition definition,
        int definitionRevision,
        Map<String, String> parameters,
        @Nullable String image,
        @Nullable String imageDigest,
        List<String> envKeys) {
    /** Copies the collections. */
    public RunDetails {
        parameters = Map.copyOf(parameters);
        envKeys = List.copyOf(envKeys);
    }
}
