package io.spyhop.ports.detect;

import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.ListenWay;
import io.spyhop.engine.PortException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link PortWatch} for each container of this replica's share, and looks at all of them. A reconciler on one thread: what
 * is told wakes it, and each local interval it makes a round, sooner where a port was seen for the first time. Containers of this machine it looks at itself, one after the
 * other; commands in others run on virtual threads, a few at a time for each engine. A partition's containers are looked at
 * once its records of before are known, and those of containers that are gone are taken away then. Thread-safe.
 */
final class Detector {
    private static final Logger LOGGER = LoggerFactory.getLogger(Detector.class);

    /** Where containers are looked at. */
    interface Engines {
        /**
         * Opens a look at a container's present life.
         *
         * @throws IllegalArgumentException when this replica is not configured for its host
         */
        ListenReader listeners(InstanceState instance);

        /** The container's addresses in its engine's networks. */
        List<String> addresses(InstanceState instance);
    }

    /** The topic. */
    interface Records {
        /** Sends what became so; null where the container is gone. Completes when the broker has it. */
        CompletableFuture<Void> send(RecordKey key, @Nullable ListeningPorts record);

        /** All that it holds. May take its time. */
        Map<RecordKey, ListeningPorts> read() throws InterruptedException;
    }

    /** This replica's part of the workloads. */
    interface Share {
        /** The partitions; empty while not all of them are loaded. */
        Set<Integer> partitions();

        /** The containers that exist in them. */
        Set<RecordKey> containers();
    }

    private final Engines engines;
    private final Records records;
    private final Share share;
    private final DetectMetrics metrics;
    private final Duration interval;
    private final Duration localInterval;
    private final Clock clock;
    private final Map<RecordKey, PortWatch> watches = new HashMap<>();

    /** Containers of partitions whose records of before are not known yet. */
    private final Map<RecordKey, InstanceState> waiting = new HashMap<>();

    private final Map<RecordKey, ListeningPorts> former = new HashMap<>();
    private final Set<Integer> known = new HashSet<>();

    /** What is to be taken away from the topic, and from when on that may be tried. */
    private final Map<RecordKey, Long> removals = new HashMap<>();

    private final Map<String, Semaphore> calls = new ConcurrentHashMap<>();
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().name("ports-detector").daemon().unstarted(this::run);
    private volatile boolean stopped;
    private long nextRoundNanos = System.nanoTime();

    /** When those are looked at again in which a port was seen once; not before the next round where there is none. */
    private long nextSecondLookNanos = nextRoundNanos;

    private boolean reading;
    private long nextReadNanos = System.nanoTime();

    Detector(
            Engines engines,
            Records records,
            Share share,
            DetectMetrics metrics,
            Duration interval,
            Duration localInterval,
            Clock clock) {
        this.engines = engines;
        this.records = records;
        this.share = share;
        this.metrics = metrics;
        this.interval = interval;
        this.localInterval = localInterval;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    /** Stops and lets go of all containers; what was announced stays so. */
    void stop() throws InterruptedException {
        stopped = true;
        wake.release();
        thread.join();
        watches.values().forEach(PortWatch::close);
    }

    /** A container appeared or changed. */
    void changed(InstanceState state) {
        tell(() -> {
            if (!known.contains(state.key().partition())) {
                waiting.put(state.key(), state);
                readFormer(System.nanoTime());
                return;
            }
            watch(state);
        });
    }

    /** A container is gone. */
    void removed(RecordKey key) {
        tell(() -> {
            waiting.remove(key);
            boolean before = former.remove(key) != null;
            PortWatch watch = watches.remove(key);
            if (watch != null) {
                watch.close();
            }
            if (before || (watch != null && watch.isAnnounced())) {
                removals.put(key, System.nanoTime());
                remove(System.nanoTime());
            }
        });
    }

    /** Another replica looks at this partition. */
    void lost(int partition) {
        tell(() -> {
            known.remove(partition);
            waiting.keySet().removeIf(key -> key.partition() == partition);
            former.keySet().removeIf(key -> key.partition() == partition);
            removals.keySet().removeIf(key -> key.partition() == partition);
            watches.entrySet().removeIf(each -> {
                boolean its = each.getKey().partition() == partition;
                if (its) {
                    each.getValue().close();
                }
                return its;
            });
        });
    }

    private void tell(Runnable what) {
        news.add(what);
        wake.release();
    }

    private void run() {
        while (!stopped) {
            try {
                for (Runnable each = news.poll(); each != null; each = news.poll()) {
                    each.run();
                }
                long now = System.nanoTime();
                if (now - nextRoundNanos >= 0) {
                    nextRoundNanos = now + localInterval.toNanos();
                    nextSecondLookNanos = nextRoundNanos;
                    round(now);
                } else if (now - nextSecondLookNanos >= 0) {
                    nextSecondLookNanos = nextRoundNanos;
                    watches.values().stream().filter(PortWatch::isExpecting).forEach(watch -> step(watch, now));
                }
                if (wake.tryAcquire(Math.max(0, nextSecondLookNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                // Nobody interrupts it: the process ends.
                return;
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("A round of looking for ports failed.");
            }
        }
    }

    private void round(long now) {
        readFormer(now);
        for (PortWatch watch : watches.values()) {
            step(watch, now);
        }
        remove(now);
        metrics.rounded(Duration.ofNanos(System.nanoTime() - now));
    }

    private void watch(InstanceState state) {
        PortWatch watch = watches.computeIfAbsent(state.key(), key -> new PortWatch(state, former.remove(key)));
        watch.update(state);
        step(watch, System.nanoTime());
    }

    /** Looks at a container if it is time, and tells what that changed. One that fails holds up no other. */
    private void step(PortWatch watch, long now) {
        try {
            if (watch.isDue(now)) {
                look(watch, now);
            }
            tellAbout(watch, now);
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("instance", watch.state().containerId())
                    .setCause(e)
                    .log("Looking for a container's ports failed.");
        }
    }

    private void look(PortWatch watch, long now) {
        ListenReader reader = watch.reader();
        try {
            if (reader == null) {
                reader = engines.listeners(watch.state());
                watch.open(reader);
            }
        } catch (EngineException | IllegalArgumentException e) {
            // Gone already, or of a host that this replica is not configured for.
            failed(watch, now);
            return;
        }
        if (!reader.isLocal()) {
            watch.lookAgain(now, interval);
            watch.looking(true);
            lookLater(watch, reader);
            return;
        }
        try {
            found(watch, reader, reader.read());
            if (watch.isExpecting()) {
                nextSecondLookNanos = now + Math.min(nextSecondLookNanos - now, DetectLimits.SECOND_LOOK.toNanos());
            }
        } catch (EngineException e) {
            watch.closeReader();
            failed(watch, now);
        }
    }

    private void lookLater(PortWatch watch, ListenReader reader) {
        Semaphore turns =
                calls.computeIfAbsent(watch.state().host(), host -> new Semaphore(DetectLimits.ENGINE_CALLS, true));
        Thread.ofVirtual().name("ports-look").start(() -> {
            Runnable outcome = () -> failed(watch, System.nanoTime());
            try {
                turns.acquire();
                try {
                    List<ListenSocket> sockets = reader.read();
                    outcome = () -> found(watch, reader, sockets);
                } finally {
                    turns.release();
                }
            } catch (ContainerGoneException e) {
                // Its end is told, or it is paused.
                outcome = metrics::lookFailed;
            } catch (PortException e) {
                outcome = () -> noWay(watch);
            } catch (EngineException e) {
                outcome = metrics::lookFailed;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Runnable then = outcome;
                tell(() -> {
                    watch.looking(false);
                    // Another life, or another owner.
                    if (isCurrent(watch, reader)) {
                        then.run();
                        tellAbout(watch, System.nanoTime());
                    }
                });
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // Readers and watches are told apart by who they are.
    private boolean isCurrent(PortWatch watch, ListenReader reader) {
        return watch.reader() == reader && watches.get(watch.key()) == watch;
    }

    private void found(PortWatch watch, ListenReader reader, List<ListenSocket> sockets) {
        watch.found(reader, sockets, clock.instant());
        ListenWay way = reader.way();
        if (way != null) {
            metrics.looked(way);
        }
    }

    private void noWay(PortWatch watch) {
        metrics.lookFailed();
        watch.foundNoWay();
        watch.lookAgain(System.nanoTime(), DetectLimits.NO_WAY_AGAIN);
    }

    private void failed(PortWatch watch, long now) {
        metrics.lookFailed();
        watch.lookAgain(now, DetectLimits.REOPEN);
    }

    private void tellAbout(PortWatch watch, long now) {
        Instant at = clock.instant();
        if (watch.wantsAddresses(at)) {
            askAddresses(watch);
        }
        ListeningPorts record = watch.toTell(now, at);
        if (record == null) {
            return;
        }
        watch.sending();
        var _ = records.send(record.key(), record).whenComplete((done, e) -> tell(() -> sent(watch, record, e)));
    }

    private void sent(PortWatch watch, ListeningPorts record, @Nullable Throwable failure) {
        if (failure == null) {
            metrics.announced();
        } else {
            metrics.publishFailed();
        }
        watch.sent(failure == null ? record : null, System.nanoTime());
        if (isWatched(watch)) {
            tellAbout(watch, System.nanoTime());
        }
    }

    private void askAddresses(PortWatch watch) {
        watch.askingAddresses();
        InstanceState of = watch.state();
        Thread.ofVirtual().name("ports-addresses").start(() -> {
            List<String> answer = null;
            try {
                answer = engines.addresses(of);
            } catch (EngineException | IllegalArgumentException e) {
                // It can be reached by its namespace, or is gone.
            } finally {
                List<String> found = answer;
                tell(() -> {
                    watch.addresses(found, clock.instant());
                    if (isWatched(watch)) {
                        tellAbout(watch, System.nanoTime());
                    }
                });
            }
        });
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isWatched(PortWatch watch) {
        return watches.get(watch.key()) == watch;
    }

    // ---- What was announced before ----

    private void readFormer(long now) {
        Set<Integer> owned = share.partitions();
        if (reading || known.containsAll(owned) || now - nextReadNanos < 0) {
            return;
        }
        reading = true;
        Thread.ofVirtual().name("ports-former").start(() -> {
            Map<RecordKey, ListeningPorts> read = null;
            try {
                read = records.read();
            } catch (RuntimeException e) {
                LOGGER.atDebug().setCause(e).log("What was announced before cannot be read yet.");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Map<RecordKey, ListeningPorts> before = read;
                tell(() -> readDone(owned, before));
            }
        });
    }

    private void readDone(Set<Integer> owned, @Nullable Map<RecordKey, ListeningPorts> before) {
        reading = false;
        nextReadNanos = System.nanoTime() + DetectLimits.BROKER_PAUSE.toNanos();
        if (before == null) {
            return;
        }
        Set<Integer> added = new HashSet<>(owned);
        added.removeAll(known);
        // One that was lost meanwhile has been forgotten: what is read of it again is newer.
        added.retainAll(share.partitions());
        Set<RecordKey> existing = share.containers();
        before.forEach((key, record) -> {
            if (added.contains(key.partition())) {
                if (existing.contains(key)) {
                    former.put(key, record);
                } else {
                    removals.put(key, System.nanoTime());
                }
            }
        });
        known.addAll(added);
        for (InstanceState state : List.copyOf(waiting.values())) {
            if (known.contains(state.key().partition())) {
                waiting.remove(state.key());
                watch(state);
            }
        }
        remove(System.nanoTime());
    }

    /** Takes records of containers away that are gone. */
    private void remove(long now) {
        for (RecordKey key : List.copyOf(removals.keySet())) {
            Long from = removals.get(key);
            if (from != null && now - from >= 0) {
                removals.remove(key);
                var _ = records.send(key, null).whenComplete((done, e) -> {
                    if (e != null) {
                        tell(() -> removals.put(key, System.nanoTime() + DetectLimits.BROKER_PAUSE.toNanos()));
                    }
                });
            }
        }
    }
}
