package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.host.HostState;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineVersion;
import io.spyhop.engine.EventStream;
import io.spyhop.lifecycle.catalogue.Catalogue;
import io.spyhop.lifecycle.catalogue.HostReport;
import io.spyhop.lifecycle.probe.HealthChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the containers of one host and alone writes their records. One thread reads the engine's events and hands each
 * to its container's lane; a comparison with its list runs at the start, after every reconnect and regularly, through
 * the same lanes. What is done in a lane is told by {@link HostContainers}.
 *
 * <p>Engine away: what is known stays, one warning, a new attempt at least each second. Broker or database away: the
 * lanes wait and try again, in order. An event that cannot be handled for good is logged, and the next comparison mends
 * what it can. Thread-safe.
 */
final class HostWatcher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostWatcher.class);

    /** Replayed events come in one go; a pause this long means that there are no more. Comparisons are so far apart too. */
    private static final Duration REPLAY_PAUSE = Duration.ofMillis(100);

    /** On a busy engine live events leave no pause. */
    private static final Duration REPLAY_MAX = Duration.ofSeconds(1);

    /**
     * How far before the last seen event a subscription begins. Repeats change nothing, and evidence (a kill before our
     * restart, the end after it) is learnt again. The engine holds 256 events, so it costs little.
     */
    private static final Duration REPLAY_OVERLAP = Duration.ofSeconds(60);

    private static final Duration RECONNECT_FIRST = Duration.ofMillis(100);
    private static final Duration RECONNECT_MAX = Duration.ofSeconds(1);

    /** Containers change by events as a rule, and a list shows most of what was not told: all are asked about each tenth time. */
    private static final int ALL_COMPARED_EACH = 10;

    private final String host;
    private final ContainerEngine engine;
    private final HostRecords records;
    private final HostContainers containers;
    private final Duration reconcileEvery;
    private final WatchMetrics metrics;
    private final Clock clock;
    private final ContainerLanes lanes;
    private final Thread thread;
    private final AtomicBoolean comparing = new AtomicBoolean();
    private final AtomicBoolean compareSoon = new AtomicBoolean();
    private final SeenEvents seen = new SeenEvents();
    private volatile HostState state = HostState.CONNECTING;
    private volatile boolean listed;
    private volatile boolean closed;
    private volatile @Nullable Instant lastEventAt;
    private volatile @Nullable Instant lastContactAt;
    private volatile @Nullable EngineVersion version;
    private volatile @Nullable EventStream subscription;
    private int comparisons;

    HostWatcher(
            String host,
            ContainerEngine engine,
            Catalogue catalogue,
            InstanceAnnouncer announcer,
            CrashRecorder crashes,
            Selection selection,
            Duration reconcileEvery,
            WatchMetrics metrics,
            Clock clock) {
        this.host = host;
        this.engine = engine;
        this.records = new HostRecords(host, catalogue, announcer, crashes, () -> closed);
        this.containers = new HostContainers(
                host,
                records,
                new Inspections(host, engine, metrics, this::compareNow),
                selection,
                metrics,
                clock,
                this::submit);
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
        return containers.count();
    }

    /** Compares now, rather than when the timer says so. */
    void compareNow() {
        compareSoon.set(true);
        EventStream open = subscription;
        if (open != null) {
            open.wake();
        }
    }

    /** Spyhop is about to end a container: that counts as a kill event, should that be lost. */
    void expectEnd(String container) {
        Instant now = clock.instant();
        submit(container, () -> containers.expectEnd(container, now));
    }

    /** Probes found out about a container's health: it is told in the container's turn, if that life goes on. */
    void healthChanged(String id, HealthChange change) {
        submit(id, () -> containers.healthChanged(id, change));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        records.close();
        lanes.close();
        LOGGER.atInfo().addKeyValue("host", host).log("Host is no longer watched here.");
    }

    // ---- The host's thread ----

    private void run() {
        try {
            lastEventAt = records.lastEventAt().orElse(null);
            containers.know(records.present(), lastEventAt == null ? clock.instant() : lastEventAt);
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
        // Not before: a comparison may judge only what no event tells of.
        subscription = events;
        compareSoon.set(true);
        compare();
        long comparedAt = System.nanoTime();
        while (!closed) {
            if (event != null) {
                dispatch(event);
            }
            long since = System.nanoTime() - comparedAt;
            long pause = (compareSoon.get() ? REPLAY_PAUSE : reconcileEvery).toNanos();
            if (since >= pause) {
                compare();
                comparedAt = System.nanoTime();
            }
            event = events.next(Duration.ofNanos(since < pause ? pause - since : 0));
        }
    }

    private void dispatch(ContainerEvent event) {
        lastContactAt = clock.instant();
        if (lastEventAt == null || event.at().isAfter(lastEventAt)) {
            lastEventAt = event.at();
        }
        if (seen.add(event)) {
            containers.happened(event);
        }
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
            boolean wanted = compareSoon.getAndSet(false);
            Comparison comparison = comparisons++ % ALL_COMPARED_EACH == 0
                    ? Comparison.ALL
                    : wanted ? Comparison.ALIVE : Comparison.LISTED;
            Thread.ofVirtual().name("compare-" + host).start(() -> compare(comparison));
        }
    }

    private void compare(Comparison comparison) {
        try {
            Map<String, String> there = engine.list();
            lastContactAt = clock.instant();
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (String id : containers.toCompare(there, comparison)) {
                done.add(lanes.submit(id, () -> containers.compare(id)));
            }
            CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
            if (!listed) {
                listed = true;
                LOGGER.atInfo()
                        .addKeyValue("host", host)
                        .addKeyValue("count", containers.count())
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
        containers.forget(container);
        LOGGER.atError()
                .addKeyValue("host", host)
                .addKeyValue("instance", container)
                .setCause(failure)
                .log("What happened to a container could not be recorded.");
        compareNow();
    }
}
