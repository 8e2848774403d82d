package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.ContainerEngine;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The lives of one host's containers that are asked for their health. The host's watcher tells which there are, and is told
 * what changes. Thread-safe; never blocks. Closing ends it: what is being asked then counts for nothing.
 */
public final class HostProbes implements AutoCloseable {
    private final ContainerEngine engine;
    private final Runnable wake;
    private final Map<String, Target> targets = new ConcurrentHashMap<>();
    private final Semaphore engineCalls = new Semaphore(ProbeLimits.ENGINE_CALLS);
    private volatile HealthListener listener = (id, change) -> {};
    private volatile boolean closed;

    HostProbes(ContainerEngine engine, Runnable wake) {
        this.engine = engine;
        this.wake = wake;
    }

    /** Who is told what changes. Before a container is announced. */
    public void listen(HealthListener told) {
        listener = told;
    }

    /** A container was announced. A run of a job answers nobody: it does its work and ends. */
    public void changed(InstanceState state) {
        Instant life = state.startedAt();
        boolean run = state.workload().kind() == Kind.JOB_RUN;
        if (closed || run || !state.status().alive() || life == null) {
            removed(state.containerId());
            return;
        }
        Target asked = targets.compute(state.containerId(), (id, known) -> {
            if (known != null && known.life().equals(life)) {
                known.update(state);
                return known;
            }
            if (known != null) {
                known.close();
            }
            return new Target(engine, engineCalls, listener, state, life);
        });
        if (asked.plan() == null) {
            // Now that it can be found: whoever is woken looks once, and then waits where nobody is to be asked.
            wake.run();
        }
    }

    /** The image's own health check has another result: where that counts it is read now. */
    public void engineTold(String containerId) {
        Target target = targets.get(containerId);
        if (target != null) {
            target.readSoon();
            wake.run();
        }
    }

    /** A container is gone, or its life is over. */
    public void removed(String containerId) {
        Target target = targets.remove(containerId);
        if (target != null) {
            target.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        targets.values().forEach(Target::close);
        targets.clear();
    }

    boolean closed() {
        return closed;
    }

    Iterable<Target> targets() {
        return targets.values();
    }

    boolean isEmpty() {
        return targets.isEmpty();
    }
}
