package io.spyhop.metrics.sample;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.setting.Interval;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.CounterReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Meter} for each life that this replica samples, and makes the rounds. A reconciler on one thread: what is
 * told wakes it, and each second it sweeps over all meters. The kernel's counters it reads itself, one after the other;
 * engines are asked on virtual threads, each engine by a few at a time. A round that fails is logged, and the next one
 * goes on. Thread-safe.
 */
final class Sampler {
    private static final Logger LOGGER = LoggerFactory.getLogger(Sampler.class);

    /** What a container says of how often it wants to be sampled. */
    static final String INTERVAL_LABEL = "spyhop.metrics.interval";

    private final Function<InstanceState, CounterReader> source;
    private final Outbox outbox;
    private final SampleMetrics metrics;
    private final Duration interval;
    private final Clock clock;
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final Map<WorkloadId, Set<Meter>> byWorkload = new ConcurrentHashMap<>();
    private final Map<String, Semaphore> calls = new ConcurrentHashMap<>();
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().name("metrics-sampler").daemon().unstarted(this::run);
    private volatile boolean stopped;
    private long round;

    /**
     * A sampler that begins with {@link #start}.
     *
     * @param source opens the counters of an instance's life
     * @param interval where a container names none
     * @param clock of the slots; times between readings are not taken by it
     */
    Sampler(
            Function<InstanceState, CounterReader> source,
            Outbox outbox,
            SampleMetrics metrics,
            Duration interval,
            Clock clock) {
        this.source = source;
        this.outbox = outbox;
        this.metrics = metrics;
        this.interval = interval;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    /** Stops and lets go of all counters. */
    void stop() throws InterruptedException {
        stopped = true;
        wake.release();
        thread.join();
        meters.values().forEach(Meter::close);
    }

    /** An instance appeared or changed. */
    void changed(InstanceState state) {
        tell(() -> reconcile(state));
    }

    /** A container is gone. */
    void removed(InstanceState last) {
        tell(() -> {
            Meter meter = meters.get(last.containerId());
            if (meter != null) {
                end(meter, last);
            }
        });
    }

    /** Another replica samples this partition. */
    void lost(int partition) {
        tell(() -> meters.values().stream()
                .filter(meter -> RecordKey.partitionOf(meter.workload().value()) == partition)
                .toList()
                .forEach(meter -> {
                    forget(meter);
                    meter.close();
                }));
    }

    /** The meters of all lives. */
    Collection<Meter> meters() {
        return Collections.unmodifiableCollection(meters.values());
    }

    /** The meters of a workload's lives. */
    Collection<Meter> meters(WorkloadId workload) {
        return byWorkload.getOrDefault(workload, Set.of());
    }

    /** Makes sure of a fresh reading that can be compared, which may take an engine's time; does not say whether it did. */
    void refresh(Meter meter) throws InterruptedException {
        meter.ask();
        if (meter.byKernel()) {
            if (meter.age().compareTo(SampleLimits.FRESH) > 0) {
                meter.read();
            }
            if (!meter.comparable()) {
                Thread.sleep(SampleLimits.PAIR);
                meter.read();
            }
            return;
        }
        meter.asking().acquire();
        try {
            if (meter.age().compareTo(SampleLimits.FRESH) > 0) {
                askEngine(meter);
            }
            if (!meter.comparable() && meter.age().compareTo(SampleLimits.FRESH) < 0) {
                Thread.sleep(SampleLimits.PAIR);
                askEngine(meter);
            }
        } finally {
            meter.asking().release();
        }
    }

    /** Reads counters when it is this one's turn with its engine. */
    private boolean askEngine(Meter meter) throws InterruptedException {
        Semaphore turns =
                calls.computeIfAbsent(meter.state().host(), host -> new Semaphore(SampleLimits.ENGINE_CALLS, true));
        turns.acquire();
        try {
            return meter.read();
        } finally {
            turns.release();
        }
    }

    private void tell(Runnable what) {
        news.add(what);
        wake.release();
    }

    private void run() {
        long swept = clock.millis() / SampleLimits.SWEEP.toMillis();
        while (!stopped) {
            try {
                for (Runnable next = news.poll(); next != null; next = news.poll()) {
                    next.run();
                }
                long now = clock.millis();
                // A clock that was set back begins another second too.
                if (now / SampleLimits.SWEEP.toMillis() != swept) {
                    swept = now / SampleLimits.SWEEP.toMillis();
                    sweep(now);
                }
                pause();
            } catch (InterruptedException e) {
                // Nobody interrupts it: the process ends.
                return;
            } catch (RuntimeException e) {
                LOGGER.atError().setCause(e).log("A round of sampling failed.");
            }
        }
    }

    private void pause() throws InterruptedException {
        long period = SampleLimits.SWEEP.toMillis();
        if (wake.tryAcquire(period - Math.floorMod(clock.millis(), period), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void reconcile(InstanceState state) {
        Meter meter = meters.get(state.containerId());
        if (meter != null) {
            InstanceState known = meter.state();
            boolean same = state.startedAt() == null || state.startedAt().equals(known.startedAt());
            if (state.status().alive() && same) {
                meter.update(state.startedAt() == null ? known : state);
                return;
            }
            end(meter, state);
        }
        // While its time is not known yet, the life is not either.
        if (state.status().alive() && state.startedAt() != null) {
            begin(state);
        }
    }

    private void begin(InstanceState state) {
        Meter meter = new Meter(state, interval(state), source, clock, metrics);
        meters.put(state.containerId(), meter);
        byWorkload
                .computeIfAbsent(meter.workload(), id -> ConcurrentHashMap.newKeySet())
                .add(meter);
        if (meter.byKernel()) {
            meter.read();
        } else {
            askLater(meter, false, 0);
        }
    }

    private void end(Meter meter, InstanceState last) {
        forget(meter);
        Instant finishedAt = last.finishedAt();
        Instant startedAt = meter.state().startedAt();
        // Before a life was told to have ended, the end and its verdict are those of the one before.
        if (finishedAt != null && (startedAt == null || !finishedAt.isBefore(startedAt))) {
            outbox.offer(meter.end(finishedAt, last.oomKilled()));
        } else {
            outbox.offer(meter.end(clock.instant(), false));
        }
    }

    private void forget(Meter meter) {
        meters.remove(meter.state().containerId(), meter);
        byWorkload.computeIfPresent(meter.workload(), (id, lives) -> {
            lives.remove(meter);
            return lives.isEmpty() ? null : lives;
        });
    }

    private void sweep(long now) {
        long begin = System.nanoTime();
        round++;
        boolean recorded = round % SampleLimits.RECORDER_ROUNDS == 0;
        List<Sample> samples = new ArrayList<>();
        for (Meter meter : meters.values()) {
            try {
                sweep(meter, now, recorded, samples);
            } catch (RuntimeException e) {
                LOGGER.atError()
                        .addKeyValue("instance", meter.state().containerId())
                        .setCause(e)
                        .log("Sampling a container failed.");
            }
        }
        if (!samples.isEmpty()) {
            outbox.offer(samples);
        }
        metrics.swept(Duration.ofNanos(System.nanoTime() - begin));
    }

    private void sweep(Meter meter, long now, boolean recorded, List<Sample> samples) {
        boolean due = meter.slotDue(now);
        boolean watched = meter.watched();
        if (meter.byKernel()) {
            if ((due || recorded || watched) && meter.read()) {
                if (recorded) {
                    meter.record();
                }
                Sample sample = due ? meter.sample(now) : null;
                if (sample != null) {
                    samples.add(sample);
                }
            }
        } else if (due || (watched && meter.age().compareTo(SampleLimits.SPAN) > 0)) {
            askLater(meter, due, now);
        }
    }

    private void askLater(Meter meter, boolean due, long now) {
        Thread.ofVirtual().name("metrics-ask").start(() -> {
            if (!meter.asking().tryAcquire()) {
                // Who asks already is not sampling as a rule: the next round tries again.
                return;
            }
            try {
                Sample sample = askEngine(meter) && due ? meter.sample(now) : null;
                if (sample != null) {
                    outbox.offer(List.of(sample));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                meter.asking().release();
            }
        });
    }

    private Duration interval(InstanceState state) {
        String label = state.labels().get(INTERVAL_LABEL);
        if (label == null) {
            return interval;
        }
        try {
            return new Interval().convert(label);
        } catch (IllegalArgumentException e) {
            LOGGER.atWarn()
                    .addKeyValue("instance", state.containerId())
                    .log("A container's label spyhop.metrics.interval is not a time from 1s to 1h, and counts for"
                            + " nothing.");
            return interval;
        }
    }
}
