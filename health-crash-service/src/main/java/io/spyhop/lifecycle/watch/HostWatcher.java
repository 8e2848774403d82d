package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.host.HostState;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineVersion;
import io.spyhop.engine.EventStream;
import io.spyhop.lifecycle.catalogue.Catalogue;
import io.spyhop.lifecycle.catalogue.HostReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the containers of one host and alone writes their records. One thread reads the engine's events and hands each
 * to its container's lane; a comparison of everything runs at the start, after every reconnect and regularly, through
 * the same lanes. Publishing comes before the catalogue, whose older record makes an interrupted step happen again.
 *
 * <p>Engine away: what is known stays, one warning, a new attempt at least each second. Broker or database away: the
 * lanes wait and try again, in order. An event that cannot be handled for good is logged, and the next comparison mends
 * what it can. Thread-safe.
 */
final class HostWatcher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostWatcher.class);

    /** Replayed events come in one go; a pause this long means that there are no more. */
    private static final Duration REPLAY_PAUSE = Duration.ofMillis(100);

    /** On a busy engine live events leave no pause. */
    private static final Duration REPLAY_MAX = Duration.ofSeconds(1);

    /**
     * How far before the last seen event a subscription begins. Repeats change nothing, and evidence (a kill before our
     * restart, the end after it) is learnt again. The engine holds 256 events, so it costs little.
     */
    private static final Duration REPLAY_OVERLAP = Duration.ofSeconds(60);

    /**
     * A comparison that finds an ending waits this long for the event that tells how it came about. It comes within 22 ms
     * on an idle engine; on a busy one half a second was not enough.
     */
    private static final Duration EVENT_GRACE = Duration.ofSeconds(3);

    private static final Duration RECENT = Duration.ofSeconds(10);
    private static final Duration RECONNECT_FIRST = Duration.ofMillis(100);
    private static final Duration RECONNECT_MAX = Duration.ofSeconds(1);

    /** Ended containers change by events alone as a rule: they are compared only each tenth time. */
    private static final int FULL_COMPARISON_EACH = 10;

    private final String host;
    private final ContainerEngine engine;
    private final HostRecords records;
    private final Inspections inspections;
    private final Selection selection;
    private final Duration reconcileEvery;
    private final WatchMetrics metrics;
    private final Clock clock;
    private final ContainerLanes lanes;
    private final Thread thread;
    private final Map<String, WatchedContainer> containers = new ConcurrentHashMap<>();
    private final Set<String> ignored = ConcurrentHashMap.newKeySet();
    private final OomReports ooms = new OomReports();
    private final AtomicBoolean comparing = new AtomicBoolean();
    private final AtomicBoolean compareSoon = new AtomicBoolean();
    private final SeenEvents seen = new SeenEvents();
    private volatile HostState state = HostState.CONNECTING;
    private volatile boolean listed;
    private volatile boolean closed;
    private volatile @Nullable Instant lastEventAt;
    private volatile @Nullable Instant lastContactAt;
    private volatile @Nullable EngineVersion version;
    private int comparisons;

    HostWatcher(
            String host,
            ContainerEngine engine,
            Catalogue catalogue,
            InstanceAnnouncer announcer,
            Selection selection,
            Duration reconcileEvery,
            WatchMetrics metrics,
            Clock clock) {
        this.host = host;
        this.engine = engine;
        this.records = new HostRecords(host, catalogue, announcer, () -> closed);
        this.inspections = new Inspections(host, engine, metrics, this::compareNow);
        this.selection = selection;
        this.reconcileEvery = reconcileEvery;
        this.metrics = metrics;
        this.clock = clock;
        this.lanes = new ContainerLanes("watch-" + host);
        this.thread = Thread.ofVirtual().name("watch-" + host).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    String host() {
        return host;
    }

    HostState state() {
        return state;
    }

    /** Whether every container was compared once. */
    boolean listed() {
        return listed;
    }

    int containers() {
        return containers.size();
    }

    /** Compares now, rather than when the timer says so. */
    void compareNow() {
        compareSoon.set(true);
    }

    /** Spyhop is about to end a container: that counts as a kill event, should that be lost. */
    void expectEnd(String container) {
        submit(container, () -> {
            WatchedContainer known = containers.get(container);
            if (known != null) {
                known.judge().signalled(LifeJudge.SIGTERM);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        lanes.close();
        LOGGER.atInfo().addKeyValue("host", host).log("Host is no longer watched here.");
    }

    // ---- The host's thread ----

    private void run() {
        try {
            lastEventAt = records.lastEventAt().orElse(null);
            for (InstanceState last : records.present()) {
                containers.put(last.containerId(), new WatchedContainer(last));
            }
            keepHost();
            Duration pause = RECONNECT_FIRST;
            while (!closed) {
                Instant from = lastEventAt == null ? clock.instant() : lastEventAt.minus(REPLAY_OVERLAP);
                lastEventAt = lastEventAt == null ? from : lastEventAt;
                try (EventStream events = engine.events(from)) {
                    connected(engine.version());
                    pause = RECONNECT_FIRST;
                    follow(events);
                } catch (EngineException e) {
                    away(e);
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(RECONNECT_MAX) < 0 ? pause.multipliedBy(2) : RECONNECT_MAX;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.atError().addKeyValue("host", host).setCause(e).log("Watching a host failed.");
        }
    }

    private void follow(EventStream events) throws InterruptedException {
        long replayUntil = System.nanoTime() + REPLAY_MAX.toNanos();
        ContainerEvent event = events.next(REPLAY_PAUSE);
        while (event != null && System.nanoTime() < replayUntil) {
            dispatch(event);
            event = events.next(REPLAY_PAUSE);
        }
        compare();
        long nextComparison = System.nanoTime() + reconcileEvery.toNanos();
        while (!closed) {
            if (event != null) {
                dispatch(event);
            }
            if (compareSoon.getAndSet(false) || System.nanoTime() >= nextComparison) {
                compare();
                nextComparison = System.nanoTime() + reconcileEvery.toNanos();
            }
            event = events.next(REPLAY_PAUSE);
        }
    }

    private void dispatch(ContainerEvent event) {
        lastContactAt = clock.instant();
        if (lastEventAt == null || event.at().isAfter(lastEventAt)) {
            lastEventAt = event.at();
        }
        if (!seen.add(event) || !mayBeWatched(event)) {
            return;
        }
        metrics.event(host);
        if (event.action().equals("oom")) {
            ooms.report(event.containerId(), event.at());
        }
        submit(event.containerId(), () -> handle(event));
    }

    /** Labels stand among an event's attributes, so a container that is not watched costs no inspect. */
    private boolean mayBeWatched(ContainerEvent event) {
        return containers.containsKey(event.containerId()) || selection.selects(event.attributes());
    }

    private void connected(EngineVersion answered) {
        version = answered;
        lastContactAt = clock.instant();
        boolean back = state == HostState.AWAY;
        state = HostState.WATCHING;
        LOGGER.atInfo().addKeyValue("host", host).log(back ? "Engine is back." : "Watching host.");
        keepHost();
    }

    private void away(EngineException e) {
        if (closed || state == HostState.AWAY) {
            records.keepHostAgain();
            return;
        }
        state = HostState.AWAY;
        LOGGER.atWarn()
                .addKeyValue("host", host)
                .addKeyValue("error", e.getMessage())
                .log("Engine does not answer, trying again.");
        keepHost();
    }

    private void keepHost() {
        EngineVersion known = version;
        records.keepHost(new HostReport(
                state,
                known == null ? null : known.product() + " " + known.version(),
                known == null ? null : known.apiVersion(),
                lastEventAt,
                lastContactAt));
    }

    // ---- Comparison ----

    private void compare() {
        if (comparing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("compare-" + host).start(this::compareAll);
        }
    }

    private void compareAll() {
        try {
            Set<String> there = engine.list();
            lastContactAt = clock.instant();
            boolean full = comparisons++ % FULL_COMPARISON_EACH == 0;
            Set<String> ids = new HashSet<>(there);
            ids.addAll(containers.keySet());
            ignored.retainAll(there);
            ids.removeAll(ignored);
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (String id : ids) {
                if (full || !there.contains(id) || !isAtRest(id)) {
                    done.add(lanes.submit(id, () -> compareOne(id, false)));
                }
            }
            CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
            if (!listed) {
                listed = true;
                LOGGER.atInfo()
                        .addKeyValue("host", host)
                        .addKeyValue("count", containers.size())
                        .log("Listed the host's containers.");
            }
            keepHost();
        } catch (EngineException | CompletionException e) {
            if (!closed) {
                LOGGER.atDebug().addKeyValue("host", host).setCause(e).log("Comparing a host's containers failed.");
                again();
            }
        } finally {
            comparing.set(false);
        }
    }

    private void again() {
        try {
            Thread.sleep(RECONNECT_MAX);
            compareNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAtRest(String id) {
        WatchedContainer container = containers.get(id);
        return container != null && container.isAtRest();
    }

    private void compareOne(String id, boolean afterGrace) throws Exception {
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
        List<Happening> happenings = container.judge().found(now);
        container.refresh(now);
        publish(container, happenings);
    }

    /** An ending long ago has no event on its way, unless the clocks disagree: then the future is recent too. */
    private boolean isRecent(@Nullable Instant at) {
        return at == null || at.isAfter(clock.instant().minus(RECENT));
    }

    private void afterGrace(String id) {
        Thread.ofVirtual().name("grace-" + host).start(() -> {
            try {
                Thread.sleep(EVENT_GRACE);
                submit(id, () -> compareOne(id, true));
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
            case "start" -> {
                announceStart(event);
                change(event);
            }
            case "restart" -> {
                // Made of a die and a start, which came before it.
            }
            default -> change(event);
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
            known.judge().signalled(event.signal());
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
            publish(container, List.of());
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

    private void change(ContainerEvent event) throws Exception {
        ContainerDetails now = inspections.forEvent(event.containerId());
        WatchedContainer container = seated(event.containerId(), now);
        if (container == null) {
            return;
        }
        LifeJudge judge = container.judge();
        List<Happening> happenings = switch (event.action()) {
            case "start" -> judge.started(event.at(), now);
            case "die" -> {
                awaitOom(judge, event);
                yield judge.died(event.at(), event.exitCode(), now);
            }
            case "stop" -> {
                if (container.state().status() == InstanceStatus.RESTARTING) {
                    judge.stoppedInBackoff();
                }
                yield List.of();
            }
            default -> List.of();
        };
        if (happenings.isEmpty() && (now == null || judge.wouldClose(now))) {
            // An old event of a life that has ended meanwhile: the event of its end is on its way.
            return;
        }
        container.refresh(now);
        publish(container, happenings);
        if (event.action().equals("start") && !happenings.isEmpty()) {
            metrics.announcedAfter(host, Duration.between(event.at(), clock.instant()));
        }
    }

    /** Only ends that look like an OOM kill wait, and only where the event is new. */
    private void awaitOom(LifeJudge judge, ContainerEvent event) throws InterruptedException {
        if (judge.lacksOom(event.exitCode()) && isRecent(event.at())) {
            ooms.await(event.containerId()).ifPresent(judge::ranOutOfMemory);
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

    private void publish(WatchedContainer container, List<Happening> happenings) throws Exception {
        if (container.published() && happenings.isEmpty()) {
            return;
        }
        InstanceState now = container.state();
        List<InstanceTransition> transitions =
                happenings.stream().map(happening -> happening.of(now)).toList();
        records.announce(now, transitions);
        container.markPublished();
        if (!now.equals(container.kept())) {
            records.keep(now);
            container.markKept(now);
        }
    }

    private void gone(WatchedContainer container, Instant at) throws Exception {
        List<Happening> happenings = container.judge().gone(at);
        container.refresh(null);
        InstanceState last = container.state();
        List<InstanceTransition> transitions =
                happenings.stream().map(happening -> happening.of(last)).toList();
        records.announceGone(last, transitions);
        records.remove(last, at);
        containers.remove(last.containerId());
    }

    private void submit(String container, ContainerLanes.Task task) {
        lanes.run(container, () -> {
            try {
                task.run();
            } catch (Exception e) {
                report(container, e);
            }
        });
    }

    private void report(String container, Exception failure) {
        if (closed) {
            return;
        }
        metrics.failure(host);
        // The catalogue still has the state before: from there the next comparison tells again what went unrecorded.
        containers.remove(container);
        LOGGER.atError()
                .addKeyValue("host", host)
                .addKeyValue("instance", container)
                .setCause(failure)
                .log("What happened to a container could not be recorded.");
        compareNow();
    }
}
