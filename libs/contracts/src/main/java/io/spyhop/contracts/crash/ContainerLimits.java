package io.spyhop.contracts.crash;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a container may use; what is null is not limited. Immutable.
 *
 * @param cpus of the host's, such as 1.5
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContainerLimits(
        @Nullable Long memoryBytes,
        @Nullable Double cpus,
        @Nullable Long pids) {}
