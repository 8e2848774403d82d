package io.spyhop.lifecycle.deploy;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.lifecycle.crash.StoredEnds;
import io.spyhop.lifecycle.watch.LocalWatch;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the errands of the hosts that this replica watches with those that run here, and acts on the difference: starts
 * what is due, interrupts what was asked for no longer or whose host is another's now. Woken by requests and by a timer.
 * Beside it notes are published, in order, and routes are looked after; neither holds it up.
 */
@ApplicationScoped
class ErrandLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(ErrandLoop.class);

    private final LocalWatch watch;
    private final Ledger ledger;
    private final Notes notes;
    private final Routes routes;
    private final Hosts hosts;
    private final Steps steps;
    private final Semaphore wake = new Semaphore(0);
    private final Map<Errand.Key, Running> running = new ConcurrentHashMap<>();
    private final AtomicBoolean publishing = new AtomicBoolean();
    private final AtomicBoolean routing = new AtomicBoolean();
    private long routedAt = System.nanoTime();
    private volatile boolean stopped;
    private @Nullable Thread thread;

    /** An errand that is being done. */
    private record Running(long ticket, Thread thread) {}

    @Inject
    ErrandLoop(
            LocalWatch watch,
            Ledger ledger,
            Notes notes,
            Routes routes,
            Hosts hosts,
            StoredEnds ends,
            DeploymentsConfig config) {
        this.watch = watch;
        this.ledger = ledger;
        this.notes = notes;
        this.routes = routes;
        this.hosts = hosts;
        this.steps = steps(hosts, ledger, routes, watch, ends, config);
    }

    /** All steps there are. */
    static Steps steps(
            Hosts hosts, Ledger ledger, Routes routes, LocalWatch watch, StoredEnds ends, DeploymentsConfig config) {
        Steps create = new CreateSteps(hosts, ledger, routes, config);
        Steps stop = new StopSteps(hosts, ledger, routes, watch, ends);
        return errand -> (errand.kind() == ErrandKind.CREATE ? create : stop).perform(errand);
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("errands").start(this::run);
    }

    /** Before the watch of hosts ends, and with it what the errands need. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        stopped = true;
        Thread loop = thread;
        if (loop != null) {
            loop.interrupt();
            loop.join();
        }
        List<Running> left = List.copyOf(running.values());
        left.forEach(run -> run.thread().interrupt());
        for (Running run : left) {
            run.thread().join();
        }
    }

    /** Something was asked for. */
    void wake() {
        wake.release();
    }

    private void run() {
        try {
            while (!stopped) {
                try {
                    compare();
                } catch (RuntimeException e) {
                    // The database is away, and others say so.
                    LOGGER.atDebug().setCause(e).log("Errands cannot be read.");
                }
                if (wake.tryAcquire(DeployLimits.LOOP_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void compare() {
        Set<String> here = watch.hosts();
        if (here.isEmpty()) {
            running.values().forEach(run -> run.thread().interrupt());
            return;
        }
        Map<Errand.Key, Errand> open = new HashMap<>();
        ledger.open(here).forEach(errand -> open.put(errand.key(), errand));
        running.forEach((key, run) -> {
            Errand errand = open.get(key);
            if (errand == null || errand.ticket() != run.ticket()) {
                run.thread().interrupt();
            }
        });
        Instant now = Instant.now();
        open.forEach((key, errand) -> {
            boolean due = !errand.dueAt().isAfter(now);
            if (due && !running.containsKey(key) && running.size() < DeployLimits.RUNNING_MAX) {
                begin(errand);
            }
        });
        beside(publishing, "notes", () -> notes.publish(here));
        if (routes.configured() && System.nanoTime() - routedAt > DeployLimits.ROUTES_EVERY.toNanos()) {
            routedAt = System.nanoTime();
            Set<WorkloadId> busy =
                    open.keySet().stream().map(Errand.Key::workload).collect(Collectors.toSet());
            beside(routing, "routes", () -> keepRoutes(here, busy));
        }
    }

    private void begin(Errand errand) {
        Thread run = Thread.ofVirtual().name("errand-" + errand.workload()).unstarted(() -> {
            try {
                new ErrandRun(errand, ledger, steps).run();
            } finally {
                running.remove(errand.key());
                // For the notes, and for what waited for this one's end.
                wake();
            }
        });
        running.put(errand.key(), new Running(errand.ticket(), run));
        run.start();
    }

    /** Puts back the routes that a Caddy has lost. */
    private void keepRoutes(Set<String> here, Set<WorkloadId> busy) throws InterruptedException {
        for (Map.Entry<WorkloadId, Deployment> entry : ledger.routed(here).entrySet()) {
            Deployment deployment = entry.getValue();
            String hostName = deployment.route();
            Integer port = deployment.hostPort();
            String host = deployment.spec().host();
            if (hostName != null && port != null && host != null && !busy.contains(entry.getKey())) {
                routes.put(entry.getKey(), hostName, hosts.upstream(host), port);
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    /** Does something on a thread of its own, unless that is still being done. */
    private static void beside(AtomicBoolean busy, String name, Work work) {
        if (busy.compareAndSet(false, true)) {
            Thread.ofVirtual().name("errand-" + name).start(() -> {
                try {
                    work.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Exception e) {
                    LOGGER.atDebug().setCause(e).log("What goes beside errands has to wait.");
                } finally {
                    busy.set(false);
                }
            });
        }
    }
}
