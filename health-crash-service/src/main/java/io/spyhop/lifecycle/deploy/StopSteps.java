package io.spyhop.lifecycle.deploy;

import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.StopTimeout;
import io.spyhop.lifecycle.crash.StoredEnds;
import io.spyhop.lifecycle.watch.LocalWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The steps of a stop, of a restart, and of what is left of a creation that failed. Thread-safe. */
final class StopSteps implements Steps {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int KILLED = 128 + SIGKILL;

    private final Hosts hosts;
    private final Ledger ledger;
    private final Routes routes;
    private final LocalWatch watch;
    private final StoredEnds ends;
    private final Clock clock = Clock.systemUTC();

    StopSteps(Hosts hosts, Ledger ledger, Routes routes, LocalWatch watch, StoredEnds ends) {
        this.hosts = hosts;
        this.ledger = ledger;
        this.routes = routes;
        this.watch = watch;
        this.ends = ends;
    }

    @Override
    public Outcome perform(Errand errand) throws InterruptedException {
        return switch (errand.step()) {
            case SIGNAL -> signal(errand);
            case WAIT -> await(errand);
            case KILL -> kill(errand);
            case EVIDENCE -> evidence(errand);
            case REMOVE -> remove(errand);
            case UNROUTE -> unroute(errand);
            case RELEASE -> release(errand);
            case AGAIN -> again(errand);
            case IMAGE, PORT, CONTAINER, START, ROUTE ->
                throw new IllegalStateException("no step of a stop: " + errand.step());
        };
    }

    /** Written down before it is done: after a kill it can be found out whether it was, and nobody is asked twice. */
    private Outcome signal(Errand errand) throws InterruptedException {
        List<ContainerDetails> alive = look(errand, ids(errand), StopSteps::mayRun);
        alive.forEach(container -> watch.expectEnd(errand.host(), container.id()));
        Instant now = clock.instant();
        Instant before = errand.signalledAt();
        List<ContainerDetails> unasked = alive;
        if (before == null) {
            ledger.signalling(errand, now);
        } else if (!alive.isEmpty()) {
            Set<Asked> asked = asked(errand, before.minus(DeployLimits.CLOCKS_DIFFER));
            unasked = alive.stream()
                    .filter(container -> !asked.contains(new Asked(container.id(), stopSignal(container))))
                    .toList();
        }
        unasked.forEach(container -> control(errand).signal(container.id(), stopSignal(container)));
        Instant since = before == null || !unasked.isEmpty() ? now : before;
        Outcome sent = Outcome.then(Step.WAIT).changing(records -> records.errand().signalledAt = since);
        return alive.isEmpty()
                ? sent
                : sent.noting(
                        errand.kind().mark() + " signal",
                        "timeoutMs",
                        Long.toString(timeout(alive).toMillis()));
    }

    private record Asked(String container, int signal) {}

    /** What the engine knows that was sent since. */
    private Set<Asked> asked(Errand errand, Instant since) throws InterruptedException {
        Set<Asked> asked = new HashSet<>();
        try (EventStream events = hosts.engine(errand.host()).events(since)) {
            ContainerEvent event = events.next(DeployLimits.REPLAY_PAUSE);
            for (int i = 0; event != null && i < DeployLimits.REPLAYED_MAX; i++) {
                Integer signal = event.signal();
                if (signal != null) {
                    asked.add(new Asked(event.containerId(), signal));
                }
                event = events.next(DeployLimits.REPLAY_PAUSE);
            }
        }
        return asked;
    }

    private static int stopSignal(ContainerDetails container) {
        Integer own = container.stopSignal();
        return own == null ? SIGTERM : own;
    }

    private Outcome await(Errand errand) throws InterruptedException {
        Set<String> ids = ids(errand);
        List<ContainerDetails> alive = look(errand, ids, StopSteps::mayRun);
        alive.forEach(container -> watch.expectEnd(errand.host(), container.id()));
        Instant since = errand.signalledAt() == null ? clock.instant() : errand.signalledAt();
        Duration left = Duration.between(clock.instant(), since.plus(timeout(alive)));
        return within(left, () -> look(errand, ids, StopSteps::mayRun).isEmpty())
                ? ended(errand)
                : Outcome.then(Step.KILL);
    }

    private Outcome kill(Errand errand) throws InterruptedException {
        Set<String> ids = ids(errand);
        List<ContainerDetails> alive = look(errand, ids, StopSteps::mayRun);
        // One that was killed before Spyhop ended, and could not write that down.
        boolean before = !look(errand, ids, container -> Integer.valueOf(KILLED).equals(container.exitCode()))
                .isEmpty();
        for (ContainerDetails container : alive) {
            watch.expectEnd(errand.host(), container.id());
            control(errand).signal(container.id(), SIGKILL);
        }
        if (!within(
                DeployLimits.KILL_TIME_MAX,
                () -> look(errand, ids, StopSteps::mayRun).isEmpty())) {
            throw new EngineException("a killed program lives on", null);
        }
        Outcome outcome = ended(errand);
        if (alive.isEmpty() && !before) {
            return outcome;
        }
        return outcome.noting(errand.kind().mark() + " kill", Map.of()).changing(records -> {
            if (errand.kind() == ErrandKind.STOP) {
                records.workload().stopKilled();
            }
        });
    }

    private Outcome ended(Errand errand) {
        Instant signalled = errand.signalledAt();
        if (errand.kind() == ErrandKind.RESTART) {
            return Outcome.then(Step.AGAIN);
        }
        long tookMs = signalled == null
                ? 0
                : Duration.between(signalled, clock.instant()).toMillis();
        return Outcome.then(Step.EVIDENCE)
                .changing(records -> records.workload().stopEnded(tookMs));
    }

    /** What the program wrote last would be lost with the container, and an end that nobody has told of yet. */
    private Outcome evidence(Errand errand) throws InterruptedException {
        List<ContainerDetails> ours = look(errand, ids(errand), hosts::isOurs);
        within(
                DeployLimits.EVIDENCE_TIME_MAX,
                () -> ours.stream()
                        .allMatch(container ->
                                container.startedAt() == null || ends.stored(container.id(), container.startedAt())));
        return Outcome.then(Step.REMOVE);
    }

    private Outcome remove(Errand errand) {
        List<ContainerDetails> all = look(errand, ids(errand), container -> true);
        List<ContainerDetails> ours = all.stream().filter(hosts::isOurs).toList();
        ours.forEach(container -> control(errand).remove(container.id()));
        Outcome removed =
                Outcome.then(Step.UNROUTE).changing(records -> records.deployment(row -> row.containerId = null));
        if (!ours.isEmpty()) {
            removed = removed.noting(errand.kind().mark() + " remove", Map.of());
        }
        return ours.size() < all.size()
                ? removed.noting("[STOP] keep the container: Spyhop did not make it", Map.of())
                : removed;
    }

    private Outcome unroute(Errand errand) throws InterruptedException {
        boolean managed = ledger.deployment(errand.workload()).isPresent();
        boolean gone = managed && routes.configured() && routes.remove(errand.workload());
        Outcome outcome = Outcome.then(Step.RELEASE)
                .changing(records -> records.deployment(row -> {
                    row.route = null;
                    records.workload().publish(null);
                }));
        return gone ? outcome.noting(errand.kind().mark() + " route", Map.of()) : outcome;
    }

    private Outcome release(Errand errand) {
        Outcome outcome = Outcome.end();
        Integer port =
                ledger.deployment(errand.workload()).map(Deployment::hostPort).orElse(null);
        if (port != null) {
            outcome = outcome.noting(errand.kind().mark() + " port", "port", Integer.toString(port));
        }
        return outcome.noting(errand.kind().mark() + " done", Map.of())
                .changing(records -> records.deployment(row -> {
                    row.releasePort();
                    row.containerPort = null;
                    row.spec = row.spec.withoutSecrets();
                }));
    }

    private Outcome again(Errand errand) {
        look(errand, ids(errand), container -> !container.alive())
                .forEach(container -> control(errand).start(container.id()));
        return Outcome.end().noting("[RESTART] done", Map.of());
    }

    /** The workload's containers on the host: those that were seen, and the one that bears its name. */
    private Set<String> ids(Errand errand) {
        Set<String> ids = new LinkedHashSet<>();
        ledger.present(errand.workload(), errand.host()).forEach(instance -> ids.add(instance.containerId()));
        hosts.engine(errand.host())
                .inspect(Hosts.containerName(errand.workload()))
                .filter(hosts::isOurs)
                .ifPresent(container -> ids.add(container.id()));
        return ids;
    }

    private List<ContainerDetails> look(Errand errand, Set<String> ids, Predicate<ContainerDetails> which) {
        ContainerEngine engine = hosts.engine(errand.host());
        return ids.stream()
                .map(engine::inspect)
                .flatMap(Optional::stream)
                .filter(which)
                .toList();
    }

    private ContainerControl control(Errand errand) {
        return hosts.engine(errand.host()).control();
    }

    /** One that waits to be restarted would come back. */
    private static boolean mayRun(ContainerDetails container) {
        return container.alive() || container.state().equals("restarting");
    }

    /** The longest of what their labels say. */
    static Duration timeout(List<ContainerDetails> containers) {
        return containers.stream()
                .map(container -> StopTimeout.of(container.labels()).orElse(DeployLimits.STOP_TIMEOUT))
                .max(Duration::compareTo)
                .orElse(DeployLimits.STOP_TIMEOUT);
    }

    /** Whether something comes true in time; looks at least once. */
    private static boolean within(Duration time, BooleanSupplier state) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        boolean is = state.getAsBoolean();
        while (!is && System.nanoTime() < until) {
            Thread.sleep(DeployLimits.LOOK_EVERY);
            is = state.getAsBoolean();
        }
        return is;
    }
}
