package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * How long a workload's lines are to be kept, as it is set by API. Immutable. Null falls back to the container's labels,
 * then to the settings.
 *
 * @param output the age at which output is removed, such as {@code 36h} or {@code 14d}, or {@code forever}
 * @param system the same for system lines
 * @param maxBytes the most stored (compressed) bytes; the oldest output goes first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RetentionChange(
        @Nullable String output,
        @Nullable String system,
        @Nullable Long maxBytes) {}
