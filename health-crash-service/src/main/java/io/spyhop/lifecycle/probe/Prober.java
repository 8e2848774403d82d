package io.spyhop.lifecycle.probe;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.lifecycle.signal.Signal;
import io.spyhop.lifecycle.signal.Signals;
import io.spyhop.signals.Rounds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the containers of all hosts that this replica watches, each when it is time, spread over its interval. One thread
 * sleeps until the first is due, and looks who is; each request has a virtual thread of its own. None is asked twice at once. A round that fails
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
    private final Rounds looks = new Rounds("health-settings", this::lookAtSettings);
    private final Signals signals;
    private volatile boolean stopped;

    @Inject
    Prober(
            ProbeStore store,
            ProbeWriter writer,
            KnownSettings settings,
            HealthConfig config,
            ProbeMetrics metrics,
            Signals signals) {
        this.asker = new Asker();
        this.clock = Clock.systemUTC();
        this.settings = settings;
        this.writer = writer;
        this.signals = signals;
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
        signals.on(Signal.SETTING, looks::wake);
        looks.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        looks.stop();
        wake.release();
        thread.join();
        asker.close();
        writer.stop();
    }

    /** What was set by API is looked at now. */
    void settingsChanged() {
        looks.wake();
    }

    private void run() {
        while (!stopped) {
            try {
                hosts.removeIf(HostProbes::closed);
                sweep(clock.millis());
                pause(clock.millis());
            } catch (InterruptedException e) {
                // Nobody interrupts it: the process ends.
                return;
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("A round of probes failed.");
            }
        }
    }

    private void pause(long now) throws InterruptedException {
        long due = Long.MAX_VALUE;
        for (HostProbes host : hosts) {
            for (Target target : host.targets()) {
                due = Math.min(due, target.dueAt());
            }
        }
        if (due == Long.MAX_VALUE) {
            wake.acquire();
        } else {
            long period = ProbeLimits.SWEEP.toMillis();
            var _ = wake.tryAcquire(Math.ceilDiv(due, period) * period - now, TimeUnit.MILLISECONDS);
        }
        wake.drainPermits();
    }

    /** On a thread of its own: while the database is away, probes go on. */
    private Duration lookAtSettings() throws SQLException {
        replan(settings.changed());
        return Signals.LOOK_EACH;
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
        boolean planless = target.plan() == null;
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
            if (planless || target.soon()) {
                // It is due at another time than before.
                wake.release();
            }
        }
    }
}
