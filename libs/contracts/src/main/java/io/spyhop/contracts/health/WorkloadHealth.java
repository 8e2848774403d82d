package io.spyhop.contracts.health;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.workload.InstanceStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a workload is: what is said of its worst instance, and, where there are several, of each. Immutable.
 *
 * @param settings what was set by API; null where nothing was
 * @param instances null where there is one at most
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkloadHealth(
        InstanceStatus status,
        int consecutiveFailures,
        @Nullable String way,
        @Nullable HealthProbe lastProbe,
        List<HealthProbe> probes,
        List<HealthTransition> transitions,
        @Nullable HealthCheck check,
        @Nullable HealthSettings settings,
        @Nullable List<InstanceHealth> instances) {
    /** Copies the lists. */
    public WorkloadHealth {
        probes = List.copyOf(probes);
        transitions = List.copyOf(transitions);
        instances = instances == null ? null : List.copyOf(instances);
    }

    /** Of all that are there; the worst is the one with the worst status, then with the most failures. */
    public static WorkloadHealth of(
            InstanceStatus status, @Nullable HealthSettings settings, List<InstanceHealth> instances) {
        Optional<InstanceHealth> worst = instances.stream()
                .max(Comparator.comparing(InstanceHealth::status)
                        .thenComparingInt(InstanceHealth::consecutiveFailures)
                        .thenComparing(
                                Comparator.comparingInt(InstanceHealth::index).reversed()));
        return new WorkloadHealth(
                status,
                worst.map(InstanceHealth::consecutiveFailures).orElse(0),
                worst.map(InstanceHealth::way).orElse(null),
                worst.map(InstanceHealth::lastProbe).orElse(null),
                worst.map(InstanceHealth::probes).orElse(List.of()),
                worst.map(InstanceHealth::transitions).orElse(List.of()),
                worst.map(InstanceHealth::check).orElse(null),
                settings,
                instances.size() > 1 ? instances : null);
    }
}
