package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.ContainerSetup;
import io.spyhop.lifecycle.probe.HealthChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a host as its watcher knows them, and what is done with one in its lane: an event or a comparison is
 * judged, then told. Publishing comes first, then the report of a crash, then what follows the crash, and the catalogue last:
 * its older record makes an interrupted step happen again. Thread-safe; one container is in one thread at a time.
 */
final class HostContainers {
    /**
     * A comparison that finds an ending waits this long for the event that tells how it came about. It comes within 22 ms
     * on an idle engine; on a busy one half a second was not enough.
     */
    private static final Duration EVENT_GRACE = Duration.ofSeconds(3);

    private static final Duration RECENT = Duration.ofSeconds(10);

    private final String host;
    private final HostRecords records;
    private final Inspections inspections;
    private final Selection selection;
    private final WatchMetrics metrics;
    private final Clock clock;
    private final BiConsumer<String, ContainerLanes.Task> lanes;
    private final Map<String, WatchedContainer> containers = new ConcurrentHashMap<>();
    private final Set<String> ignored = ConcurrentHashMap.newKeySet();
    private final OomReports ooms = new OomReports();
    private volatile Instant watchedSince = Instant.MAX;

    /**
     * No containers yet.
     *
     * @param lanes runs a task in the lane of a container
     */
    HostContainers(
            String host,
            HostRecords records,
            Inspections inspections,
            Selection selection,
            WatchMetrics metrics,
            Clock clock,
            BiConsumer<String, ContainerLanes.Task> lanes) {
        this.host = host;
        this.records = records;
        this.inspections = inspections;
        this.selection = selection;
        this.metrics = metrics;
        this.clock = clock;
        this.lanes = lanes;
    }

    /**
     * What the catalogue has.
     *
     * @param since up to when the host was watched before, or when its watch begins
     */
    void know(List<InstanceState> present, Instant since) {
        watchedSince = since;
        for (InstanceState last : present) {
            containers.put(last.containerId(), new WatchedContainer(last));
        }
    }

    int count() {
        return containers.size();
    }

    /** The catalogue still has the state before: from there the next comparison tells again what went unrecorded. */
    void forget(String container) {
        containers.remove(container);
    }

    /** Takes an event to its container's lane, if the container is watched. */
    void happened(ContainerEvent event) {
        if (!mayBeWatched(event)) {
            return;
        }
        metrics.event(host);
        if (event.action().equals("oom")) {
            ooms.report(event.containerId(), event.at());
        }
        lanes.accept(event.containerId(), () -> handle(event));
    }

    /** Probes found out about a container's health: it is told if that life goes on. In its lane. */
    void healthChanged(String id, HealthChange change) throws Exception {
        WatchedContainer known = containers.get(id);
        if (known != null) {
            tell(known, known.health(change));
        }
    }

    /** Labels stand among an event's attributes, so a container that is not watched costs no inspect. */
    private boolean mayBeWatched(ContainerEvent event) {
        return containers.containsKey(event.containerId()) || selection.selects(event.attributes());
    }

    /**
     * Which containers a comparison is to look at.
     *
     * @param listed the state of each container that there is
     */
    Set<String> toCompare(Map<String, String> listed, Comparison comparison) {
        Set<String> ids = new HashSet<>(listed.keySet());
        ids.addAll(containers.keySet());
        ignored.retainAll(listed.keySet());
        ids.removeAll(ignored);
        ids.removeIf(id -> !comparison.asks(containers.get(id), listed.get(id)));
        return ids;
    }

    /** Compares a container with what is known of it. In its lane. */
    void compare(String id) throws Exception {
        compare(id, false);
    }

    private void compare(String id, boolean afterGrace) throws Exception {
        ContainerDetails now = inspections.inTurn(id);
        WatchedContainer known = containers.get(id);
        if (now == null) {
            if (known != null && afterGrace) {
                gone(known, clock.instant());
            } else if (known != null) {
                afterGrace(id);
            }
            return;
        }
        WatchedContainer container = seated(id, now);
        if (container == null) {
            return;
        }
        if (!afterGrace && container.judge().wouldClose(now) && isRecent(now.finishedAt())) {
            afterGrace(id);
            return;
        }
        publish(container, container.judge().found(now, watchedSince), now);
    }

    /** An ending long ago has no event on its way, unless the clocks disagree: then the future is recent too. */
    private boolean isRecent(@Nullable Instant at) {
        return at == null || at.isAfter(clock.instant().minus(RECENT));
    }

    private void afterGrace(String id) {
        Thread.ofVirtual().name("grace-" + host).start(() -> {
            try {
                Thread.sleep(EVENT_GRACE);
                lanes.accept(id, () -> compare(id, true));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    // ---- In a container's lane ----

    private void handle(ContainerEvent event) throws Exception {
        switch (event.action()) {
            case "kill", "oom" -> remember(event);
            case "destroy" -> {
                WatchedContainer known = containers.get(event.containerId());
                if (known != null) {
                    gone(known, event.at());
                }
                ignored.remove(event.containerId());
            }
            case "create" -> created(event);
            case "start" -> started(event);
            case "health_status" -> records.healthTold(event.containerId());
            case "restart" -> {
                // Made of a die and a start, which came before it.
            }
            case "die" -> died(event);
            default -> change(event, inspections.forEvent(event.containerId()));
        }
    }

    private void remember(ContainerEvent event) {
        WatchedContainer known = containers.get(event.containerId());
        if (event.action().equals("oom")) {
            ooms.taken(event.containerId());
            if (known != null) {
                known.judge().ranOutOfMemory(event.at());
            }
        } else if (known != null && event.signal() != null) {
            known.judge().signalled(event.signal(), event.at());
        }
    }

    /** Spyhop is about to end a container, at that time by its own clock. */
    void expectEnd(String id, Instant at) {
        WatchedContainer known = containers.get(id);
        if (known != null) {
            known.judge().signalled(Requests.SIGTERM, at);
        }
    }

    /**
     * A new container gets its seat from the event alone: an inspect would wait for the lock that the engine holds while it
     * starts the container, and the start would be told late. What the event lacks comes with the start.
     */
    private void created(ContainerEvent event) throws Exception {
        if (containers.containsKey(event.containerId())) {
            return;
        }
        WatchedContainer container = seated(event.containerId(), CreateEvent.details(event));
        if (container != null) {
            tell(container, List.of());
        }
    }

    /**
     * Tells of a new container's start at once: it may live for some milliseconds and be removed, and the engine answers
     * an inspect only when it has handled all of that. The start's own time follows.
     */
    private void announceStart(ContainerEvent event) throws Exception {
        WatchedContainer known = containers.get(event.containerId());
        if (known != null && known.state().status() == InstanceStatus.CREATING) {
            known.starting();
            records.announce(known.state(), List.of());
            known.markPublished();
        }
    }

    private void started(ContainerEvent event) throws Exception {
        ContainerDetails now = inspections.startRecord(event.containerId(), event.at());
        if (now == null) {
            announceStart(event);
            now = inspections.forEvent(event.containerId());
        }
        change(event, now);
    }

    private void change(ContainerEvent event, @Nullable ContainerDetails now) throws Exception {
        WatchedContainer container = seated(event.containerId(), now);
        if (container == null) {
            return;
        }
        LifeJudge judge = container.judge();
        List<Happening> happenings = event.action().equals("start") ? judge.started(event.at(), now) : List.of();
        if (event.action().equals("stop") && container.state().status() == InstanceStatus.RESTARTING) {
            judge.stoppedInBackoff();
        }
        if (isOld(container, happenings, now)) {
            return;
        }
        publish(container, happenings, now);
        if (!happenings.isEmpty()) {
            metrics.announcedAfter(host, Duration.between(event.at(), clock.instant()));
        }
    }

    /** Whether an event is of a life that has ended meanwhile: the event of its end is on its way then. */
    private static boolean isOld(
            WatchedContainer container, List<Happening> happenings, @Nullable ContainerDetails now) {
        return happenings.isEmpty() && (now == null || container.judge().wouldClose(now));
    }

    /**
     * An ending is told from its event alone where that says enough: the engine answers an inspect only when it has taken the
     * container's network and file system apart. What it adds, such as a restart to come, is told afterwards.
     */
    private void died(ContainerEvent event) throws Exception {
        WatchedContainer known = containers.get(event.containerId());
        List<Happening> told = known != null && suffices(known, event)
                ? known.judge().died(event.at(), event.exitCode(), null)
                : List.of();
        if (known != null && !told.isEmpty()) {
            known.refresh(null);
            records.announce(known.state(), transitions(told, known.state()));
            known.markPublished();
        }
        ContainerDetails now = inspections.forEvent(event.containerId());
        WatchedContainer container = seated(event.containerId(), now);
        if (container == null) {
            return;
        }
        List<Happening> happenings = told;
        if (told.isEmpty()) {
            ContainerDetails details = now == null ? container.details() : now;
            awaitOom(container, event, details == null || details.memoryLimitBytes() != null);
            happenings = container.judge().died(event.at(), event.exitCode(), now);
            if (isOld(container, happenings, now)) {
                return;
            }
        } else if (now != null) {
            container.judge().askedAfterEnd(now);
        }
        publish(container, happenings, now, told.size());
    }

    /** Whether the engine could add nothing that changes the verdict: it may know of a want of memory where that is limited. */
    private boolean suffices(WatchedContainer container, ContainerEvent event) throws InterruptedException {
        if (container.details() == null || event.exitCode() == null) {
            return false;
        }
        boolean limited = container.state().memoryLimitBytes() != null;
        if (!limited) {
            awaitOom(container, event, false);
        }
        return !limited || !container.judge().lacksOom(event.exitCode(), event.at());
    }

    /** Only ends that look like an OOM kill wait, and only where the event is new. */
    private void awaitOom(WatchedContainer container, ContainerEvent event, boolean limited)
            throws InterruptedException {
        if (container.judge().lacksOom(event.exitCode(), event.at()) && isRecent(event.at())) {
            Duration grace = OomReports.grace(limited, Duration.between(event.at(), clock.instant()));
            ooms.await(event.containerId(), grace).ifPresent(container.judge()::ranOutOfMemory);
        }
    }

    /** The container with its seat; null where it is not watched, or is gone and was never seen. */
    private @Nullable WatchedContainer seated(String id, @Nullable ContainerDetails now) throws Exception {
        WatchedContainer known = containers.get(id);
        if (known != null || now == null) {
            return known;
        }
        if (!selection.selects(now.labels())) {
            ignored.add(id);
            return null;
        }
        InstanceState seat = records.seat(now);
        WatchedContainer container = new WatchedContainer(seat);
        containers.put(id, container);
        return container;
    }

    /** Brings the container up to date and tells what happened; null details where the engine cannot be asked. */
    private void publish(WatchedContainer container, List<Happening> happenings, @Nullable ContainerDetails now)
            throws Exception {
        publish(container, happenings, now, 0);
    }

    /** The first ones may have been announced before. */
    private void publish(
            WatchedContainer container, List<Happening> happenings, @Nullable ContainerDetails now, int announced)
            throws Exception {
        container.refresh(now);
        List<Happening> told = new ArrayList<>(happenings);
        if (now != null && !happenings.isEmpty()) {
            int restart = restartAfter(happenings.getLast(), container.judge(), now);
            if (restart > 0) {
                told.add(container.judge().restarting(restart, Math.max(restart, now.restartCount())));
            }
        }
        tell(container, told, announced);
    }

    /**
     * Which restart by a policy follows an ending; 0 where none does. The engine may be asked late: it tells of the life after
     * this one then, or that this too has ended. A start by hand sets its count back to none.
     */
    private static int restartAfter(Happening last, LifeJudge judge, ContainerDetails now) {
        return switch (last.type()) {
            case CRASHED, EXITED -> {
                boolean waits = now.state().equals("restarting");
                if (judge.isBefore(now.startedAt())) {
                    yield waits ? Math.max(1, now.restartCount() - 1) : now.restartCount();
                }
                yield waits ? Math.max(1, now.restartCount()) : 0;
            }
            case STARTED, STOPPED, RESTARTING, UNHEALTHY, HEALTHY, REMOVED, NOTE, UNKNOWN -> 0;
        };
    }

    private void tell(WatchedContainer container, List<Happening> happenings) throws Exception {
        tell(container, happenings, 0);
    }

    private void tell(WatchedContainer container, List<Happening> happenings, int announced) throws Exception {
        if (container.published() && happenings.isEmpty()) {
            return;
        }
        InstanceState now = container.state();
        boolean nowAnnounced = container.published();
        List<Happening> rest = happenings.subList(announced, happenings.size());
        for (int i = 0; i < happenings.size(); i++) {
            if (happenings.get(i).type() == InstanceTransition.Type.CRASHED) {
                rest = happenings.subList(i + 1, happenings.size());
                InstanceState then = rest.isEmpty() ? now : now.with(InstanceStatus.CRASHED);
                if (i >= announced) {
                    records.announce(then, transitions(happenings.subList(announced, i + 1), then));
                    nowAnnounced = rest.isEmpty();
                }
                Happening next = rest.isEmpty() ? null : rest.getFirst();
                records.crashed(facts(container, then, happenings.get(i), next));
            }
        }
        if (!rest.isEmpty() || !nowAnnounced) {
            records.announce(now, transitions(rest, now));
        }
        container.markPublished();
        if (!now.equals(container.kept())) {
            records.keep(now);
            container.markKept(now);
        }
    }

    private static CrashFacts facts(
            WatchedContainer container, InstanceState then, Happening crash, @Nullable Happening next) {
        ContainerDetails details = container.details();
        Integer restart = next == null ? null : next.restart();
        return new CrashFacts(
                then,
                crash.at(),
                crash.lifeStartedAt(),
                crash.exitCode(),
                container.judge().oomEvidence(),
                details == null ? ContainerSetup.UNKNOWN : details.setup(),
                restart == null ? then.restartCount() : restart - 1,
                next == null ? null : next.delay());
    }

    private static List<InstanceTransition> transitions(List<Happening> happenings, InstanceState of) {
        return happenings.stream().map(happening -> happening.of(of)).toList();
    }

    private void gone(WatchedContainer container, Instant at) throws Exception {
        List<Happening> happenings = container.judge().gone(at);
        container.refresh(null);
        InstanceState last = container.state();
        records.announceGone(last, transitions(happenings, last));
        records.remove(last, at);
        containers.remove(last.containerId());
    }
}
