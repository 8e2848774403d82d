package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.lifecycle.probe.HostProbes;
import java.util.List;

/** Tells a host's probes too which lives there are, once everybody else was told. */
final class ProbedAnnouncer implements InstanceAnnouncer {
    private final InstanceAnnouncer announcer;
    private final HostProbes probes;

    ProbedAnnouncer(InstanceAnnouncer announcer, HostProbes probes) {
        this.announcer = announcer;
        this.probes = probes;
    }

    @Override
    public void announce(InstanceState state, List<InstanceTransition> transitions) throws Exception {
        announcer.announce(state, transitions);
        probes.changed(state);
    }

    @Override
    public void announceGone(InstanceState last, List<InstanceTransition> transitions) throws Exception {
        announcer.announceGone(last, transitions);
        probes.removed(last.containerId());
    }

    @Override
    public void healthTold(String containerId) {
        probes.engineTold(containerId);
    }

    @Override
    public void close() {
        probes.close();
    }
}
