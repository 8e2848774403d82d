package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.health.HealthSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was set by API, at whatever replica, as it was at the last look. Thread-safe. */
@ApplicationScoped
class KnownSettings {
    private final SettingsStore store;
    private Map<WorkloadId, HealthSettings> known = Map.of();
    private Instant changedAt = Instant.EPOCH;
    private boolean loaded;

    @Inject
    KnownSettings(SettingsStore store) {
        this.store = store;
    }

    /** What was set for a workload; empty until anything is known. */
    synchronized Optional<HealthSettings> of(WorkloadId workload) {
        return loaded ? Optional.of(known.getOrDefault(workload, HealthSettings.NONE)) : Optional.empty();
    }

    /** Looks; the workloads of which something else is known now. */
    Set<WorkloadId> changed() throws SQLException {
        Instant from;
        synchronized (this) {
            from = changedAt.equals(Instant.EPOCH) ? changedAt : changedAt.minus(ProbeLimits.SETTINGS_OVERLAP);
        }
        return take(store.changedSince(from));
    }

    private synchronized Set<WorkloadId> take(SettingsStore.Changed found) {
        Map<WorkloadId, HealthSettings> all = new HashMap<>(known);
        Set<WorkloadId> changed = new HashSet<>();
        found.settings().forEach((workload, settings) -> {
            if (!settings.equals(all.put(workload, settings))) {
                changed.add(workload);
            }
        });
        known = all;
        changedAt = found.lastAt().isAfter(changedAt) ? found.lastAt() : changedAt;
        loaded = true;
        return changed;
    }
}
