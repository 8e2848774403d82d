package io.spyhop.lifecycle.crash;

import io.spyhop.contracts.crash.ReportedProbe;
import io.spyhop.lifecycle.probe.RecentProbes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** The last probes as they are stored. One that was under way at the end may be missing. Thread-safe. */
@ApplicationScoped
class StoredProbes implements LastProbes {
    /** Half an hour of them as a rule. */
    private static final int PROBES = 30;

    private final RecentProbes probes;

    @Inject
    StoredProbes(RecentProbes probes) {
        this.probes = probes;
    }

    @Override
    public List<ReportedProbe> of(String host, String containerId) {
        return probes.of(host, containerId, PROBES).reversed().stream()
                .map(probe -> new ReportedProbe(probe.at(), probe.ok(), probe.latencyMs(), probe.reason()))
                .toList();
    }
}
