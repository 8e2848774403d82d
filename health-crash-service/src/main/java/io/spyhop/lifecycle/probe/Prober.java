package io.spyhop.lifecycle.probe;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.engine.ContainerEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the containers of all hosts that this replica watches, each when it is time, spread over its interval. One thread
 * looks each second who is due; each request has a virtual thread of its own. None is asked twice at once. A round that fails
 * is logged, and the next one goes on. Thread-safe.
 */
@ApplicationScoped
public class Prober {
    private static final Logger LOGGER = LoggerFactory.getLogger(Prober.class);

    private final ProbeTurn turn;
    private final KnownSettings settings;
    private final ProbeWriter writer;
    private final Asker asker;
    private final Clock clock;
    private final List<HostProbes> hosts = new CopyOnWriteArrayList<>();
    private final Semaphore atOnce = new Semaphore(ProbeLimits.AT_ONCE_MAX);
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().name("health-prober").daemon().unstarted(this::run);
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    Prober(ProbeStore store, ProbeWriter writer, KnownSettings settings, HealthConfig config, ProbeMetrics metrics) {
        this.asker = new Asker();
        this.clock = Clock.systemUTC();
        this.settings = settings;
        this.writer = writer;
        this.turn = new ProbeTurn(asker::ask, store::resume, writer, settings, config, metrics, clock);
    }

    /** Asks the containers of a host from now on. */
    public HostProbes host(ContainerEngine engine) {
        HostProbes probes = new HostProbes(engine, wake::release);
        hosts.add(probes);
        return probes;
    }

    void start(@Observes StartupEvent event) {
        writer.start();
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        wake.release();
        thread.join();
        asker.close();
        writer.stop();
    }

    /** What was set by API is looked at now. */
    void settingsChanged() {
        settings.lookSoon();
        wake.release();
    }

    private void run() {
        while (!stopped) {
            try {
                hosts.removeIf(HostProbes::closed);
                lookAtSettings();
                sweep(clock.millis());
                pause();
            } catch (InterruptedException e) {
                // Nobody interrupts it: the process ends.
                return;
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("A round of probes failed.");
            }
        }
    }

    private void pause() throws InterruptedException {
        if (hosts.stream().allMatch(HostProbes::isEmpty)) {
            wake.acquire();
        } else {
            long period = ProbeLimits.SWEEP.toMillis();
            wake.tryAcquire(period - Math.floorMod(clock.millis(), period), TimeUnit.MILLISECONDS);
        }
        wake.drainPermits();
    }

    /** On a thread of its own: while the database is away, probes go on. */
    private void lookAtSettings() {
        if (settings.due() && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("health-settings").start(() -> {
                try {
                    replan(settings.changed());
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    private void replan(Set<WorkloadId> changed) {
        if (changed.isEmpty()) {
            return;
        }
        for (HostProbes host : hosts) {
            for (Target target : host.targets()) {
                if (changed.contains(target.state().workload().id())) {
                    target.planAgain();
                }
            }
        }
        wake.release();
    }

    private void sweep(long now) {
        for (HostProbes host : hosts) {
            for (Target target : host.targets()) {
                if (target.due(now) && target.take()) {
                    Thread.ofVirtual().name("health-probe").start(() -> ask(target));
                }
            }
        }
    }

    private void ask(Target target) {
        try {
            atOnce.acquire();
            try {
                turn.run(target);
            } finally {
                atOnce.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            target.giveBack();
        }
    }
}
