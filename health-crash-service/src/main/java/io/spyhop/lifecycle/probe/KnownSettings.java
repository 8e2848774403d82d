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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was set by API, at whatever replica, a few seconds old. Thread-safe. */
@ApplicationScoped
class KnownSettings {
    private static final Logger LOGGER = LoggerFactory.getLogger(KnownSettings.class);

    private final SettingsStore store;
    private Map<WorkloadId, HealthSettings> known = Map.of();
    private Instant changedAt = Instant.EPOCH;
    private boolean loaded;
    private long lookAt = System.nanoTime();

    @Inject
    KnownSettings(SettingsStore store) {
        this.store = store;
    }

    /** What was set for a workload; empty until anything is known. */
    synchronized Optional<HealthSettings> of(WorkloadId workload) {
        return loaded ? Optional.of(known.getOrDefault(workload, HealthSettings.NONE)) : Optional.empty();
    }

    /** The next look is due now. */
    synchronized void lookSoon() {
        lookAt = System.nanoTime();
    }

    /** Whether it is time to look. */
    synchronized boolean due() {
        return System.nanoTime() - lookAt >= 0;
    }

    /** Looks; the workloads of which something else is known now. While the database is away none. */
    Set<WorkloadId> changed() {
        Instant from;
        synchronized (this) {
            lookAt = System.nanoTime() + ProbeLimits.SETTINGS_EACH.toNanos();
            from = changedAt.equals(Instant.EPOCH) ? changedAt : changedAt.minus(ProbeLimits.SETTINGS_OVERLAP);
        }
        try {
            return take(store.changedSince(from));
        } catch (SQLException e) {
            LOGGER.atDebug().setCause(e).log("Settings of probes wait for the database.");
            return Set.of();
        }
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
