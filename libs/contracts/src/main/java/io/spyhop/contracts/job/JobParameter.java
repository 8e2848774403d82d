package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What may be given to a run when it is asked for. Passed as an environment variable of its name. Immutable.
 *
 * @param name of the variable, {@code [A-Za-z_][A-Za-z0-9_]*}, 100 characters at most
 * @param defaultValue where none is given; null where one has to be
 * @param pattern a regular expression (RE2) that the whole value has to match; null for any
 * @param description for people; null for none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobParameter(
        String name,
        @JsonProperty("default") @Nullable String defaultValue,
        @Nullable String pattern,
        @Nullable String description) {}
