package io.spyhop.contracts.health;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.workload.InstanceStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one instance is. Immutable.
 *
 * @param consecutiveFailures in its present life
 * @param way of the last probe; null where nobody asked yet
 * @param probes newest first
 * @param transitions newest first
 * @param check how it is asked; null until that is known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceHealth(
        int index,
        String containerId,
        InstanceStatus status,
        int consecutiveFailures,
        @Nullable String way,
        @Nullable HealthProbe lastProbe,
        List<HealthProbe> probes,
        List<HealthTransition> transitions,
        @Nullable HealthCheck check) {
    /** Copies the lists. */
    public InstanceHealth {
        probes = List.copyOf(probes);
        transitions = List.copyOf(transitions);
    }
}
