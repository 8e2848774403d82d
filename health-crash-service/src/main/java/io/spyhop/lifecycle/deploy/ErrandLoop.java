package io.spyhop.lifecycle.deploy;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.lifecycle.crash.StoredEnds;
import io.spyhop.lifecycle.signal.Signal;
import io.spyhop.lifecycle.signal.Signals;
import io.spyhop.lifecycle.watch.LocalWatch;
import io.spyhop.signals.Rounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Compares the errands of the hosts that this replica watches with those that run here, and acts on the difference: starts
 * what is due, interrupts what was asked for no longer or whose host is another's now. Woken by requests, and when one that
 * failed is due again. Beside it notes are published, in order, and routes are looked after; neither holds it up.
 */
@ApplicationScoped
class ErrandLoop {
    private final LocalWatch watch;
    private final Ledger ledger;
    private final Notes notes;
    private final Routes routes;
    private final Hosts hosts;
    private final Steps steps;
    private final Signals signals;
    private final Duration checkRoutesEvery;
    private final Rounds comparing = new Rounds("errands", this::compare);
    private final Rounds publishing = new Rounds("errand-notes", this::publishNotes);
    private final Rounds routing = new Rounds("errand-routes", this::keepRoutes);
    private final Map<Errand.Key, Running> running = new ConcurrentHashMap<>();

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
            DeploymentsConfig config,
            CaddyConfig caddy,
            Signals signals) {
        this.watch = watch;
        this.ledger = ledger;
        this.notes = notes;
        this.routes = routes;
        this.hosts = hosts;
        this.steps = steps(hosts, ledger, routes, watch, ends, config);
        this.signals = signals;
        this.checkRoutesEvery = caddy.checkEvery();
    }

    /** All steps there are. */
    static Steps steps(
            Hosts hosts, Ledger ledger, Routes routes, LocalWatch watch, StoredEnds ends, DeploymentsConfig config) {
        Steps create = new CreateSteps(hosts, ledger, routes, config);
        Steps stop = new StopSteps(hosts, ledger, routes, watch, ends);
        return errand -> (errand.kind() == ErrandKind.CREATE ? create : stop).perform(errand);
    }

    void start(@Observes StartupEvent event) {
        signals.on(Signal.ERRAND, comparing::wake);
        signals.on(Signal.NOTE, publishing::wake);
        signals.on(Signal.HOSTS, this::wake);
        comparing.start();
        publishing.start();
        if (routes.configured()) {
            routing.start();
        }
    }

    /** Before the watch of hosts ends, and with it what the errands need. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        routing.stop();
        comparing.stop();
        List<Running> left = List.copyOf(running.values());
        left.forEach(run -> run.thread().interrupt());
        for (Running run : left) {
            run.thread().join();
        }
        publishing.stop();
    }

    /** Something was asked for, or done. */
    void wake() {
        comparing.wake();
        publishing.wake();
    }

    private Duration compare() {
        Set<String> here = watch.hosts();
        Map<Errand.Key, Errand> open = new HashMap<>();
        if (!here.isEmpty()) {
            ledger.open(here).forEach(errand -> open.put(errand.key(), errand));
        }
        running.forEach((key, run) -> {
            Errand errand = open.get(key);
            if (errand == null || errand.ticket() != run.ticket()) {
                run.thread().interrupt();
            }
        });
        Instant now = Instant.now();
        Instant next = now.plus(Signals.LOOK_EACH);
        for (Map.Entry<Errand.Key, Errand> entry : open.entrySet()) {
            Instant dueAt = entry.getValue().dueAt();
            if (dueAt.isAfter(now)) {
                next = dueAt.isBefore(next) ? dueAt : next;
            } else if (!running.containsKey(entry.getKey()) && running.size() < DeployLimits.RUNNING_MAX) {
                begin(entry.getValue());
            }
        }
        return Duration.between(now, next);
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

    private Duration publishNotes() throws Exception {
        Set<String> here = watch.hosts();
        if (!here.isEmpty()) {
            notes.publish(here);
        }
        return Signals.LOOK_EACH;
    }

    /** Puts back the routes that a Caddy has lost. */
    private Duration keepRoutes() throws InterruptedException {
        Set<String> here = watch.hosts();
        if (here.isEmpty()) {
            return checkRoutesEvery;
        }
        Set<WorkloadId> busy = ledger.open(here).stream().map(Errand::workload).collect(Collectors.toSet());
        for (Map.Entry<WorkloadId, Deployment> entry : ledger.routed(here).entrySet()) {
            Deployment deployment = entry.getValue();
            String hostName = deployment.route();
            Integer port = deployment.hostPort();
            String host = deployment.spec().host();
            if (hostName != null && port != null && host != null && !busy.contains(entry.getKey())) {
                routes.put(entry.getKey(), hostName, hosts.upstream(host), port);
            }
        }
        return checkRoutesEvery;
    }
}
