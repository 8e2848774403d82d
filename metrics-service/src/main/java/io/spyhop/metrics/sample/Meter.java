package io.spyhop.metrics.sample;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.ContainerCounters;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.metric.UsageEvidence;
import io.spyhop.contracts.setting.Interval;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import io.spyhop.engine.EngineException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures one life of one container. A reading that fails because the life is over ends reading until its end is told; where
 * none is, the counters are opened again, and compared with nothing that came before. Thread-safe: no lock is held while
 * counters are read.
 */
final class Meter {
    private static final Logger LOGGER = LoggerFactory.getLogger(Meter.class);

    private final Function<InstanceState, CounterReader> source;
    private final Clock clock;
    private final SampleMetrics metrics;
    private final Duration interval;
    private final Semaphore asking = new Semaphore(1);
    private volatile InstanceState state;
    private volatile long askedAtNanos;
    private volatile boolean asked;

    // Guarded by this.
    private @Nullable CounterReader reader;
    private @Nullable Reading former;
    private @Nullable Reading newest;
    private @Nullable Reading slotBase;
    private @Nullable FlightRecorder recorder;
    private long oomKills = Counters.UNKNOWN;
    private long slot;
    private long triedAtNanos = System.nanoTime() - SampleLimits.REOPEN.toNanos();
    private boolean closed;

    /** Begins to measure a life that has a start; the first sample is for the slot after this moment's. */
    Meter(
            InstanceState state,
            Duration interval,
            Function<InstanceState, CounterReader> source,
            Clock clock,
            SampleMetrics metrics) {
        this.state = state;
        this.interval = interval;
        this.source = source;
        this.clock = clock;
        this.metrics = metrics;
        this.slot = slotOf(clock.millis());
    }

    InstanceState state() {
        return state;
    }

    WorkloadId workload() {
        return state.workload().id();
    }

    /** The same life, with other attributes. */
    void update(InstanceState newer) {
        boolean found = state.pid() == null && newer.pid() != null;
        state = newer;
        if (found) {
            reopen();
        }
    }

    /** Whether readings take microseconds and cost nobody anything. */
    boolean byKernel() {
        CounterReader open = reader();
        return open != null && open.way() == CounterWay.KERNEL;
    }

    /** Whether the wall clock is in another slot than at the last sample, and no try failed just now. */
    synchronized boolean slotDue(long millis) {
        return slotOf(millis) != slot && System.nanoTime() - triedAtNanos >= SampleLimits.REOPEN.toNanos();
    }

    /** Somebody wants to know what is used now. */
    void ask() {
        askedAtNanos = System.nanoTime();
        asked = true;
    }

    /** Whether somebody wants to know again and again. */
    boolean watched() {
        return asked && System.nanoTime() - askedAtNanos < SampleLimits.WATCHED.toNanos();
    }

    /** Held by who asks the engine, so that nobody else does at the same time. */
    Semaphore asking() {
        return asking;
    }

    /** Takes a reading of what figures of use are made of; false where none can be had. */
    boolean read() {
        return read(CounterReader::readUse);
    }

    /** Takes a reading of all that is counted; false where none can be had. */
    boolean readAll() {
        return read(CounterReader::read);
    }

    private boolean read(Function<CounterReader, Counters> how) {
        CounterReader open = reader();
        if (open == null) {
            return false;
        }
        try {
            Counters counters = how.apply(open);
            metrics.read(open.way());
            take(open, new Reading(counters, clock.instant()));
            return true;
        } catch (ContainerGoneException e) {
            lose(open);
        } catch (EngineException e) {
            metrics.engineCallFailed();
            failed();
            LOGGER.atDebug()
                    .addKeyValue("instance", state.containerId())
                    .setCause(e)
                    .log("An engine does not tell what a container uses.");
        }
        return false;
    }

    /** Adds the newest reading to the flight recorder, where it is one of the kernel's. */
    synchronized void record() {
        if (newest != null && reader != null && reader.way() == CounterWay.KERNEL) {
            if (recorder == null) {
                recorder = new FlightRecorder(SampleLimits.RECORDER_ENTRIES);
            }
            recorder.add(newest);
        }
    }

    /** The sample of the slot that holds this time, from the newest reading; null where there is none. */
    synchronized @Nullable Sample sample(long millis) {
        if (newest == null || reader == null) {
            return null;
        }
        InstanceState now = state;
        slot = slotOf(millis);
        Usage usage = Usages.of(slotBase, newest);
        slotBase = newest;
        metrics.sampled(reader.way(), Duration.ofMillis(Math.max(0, clock.millis() - slot)));
        return new Sample(
                workload(),
                now.workload().org(),
                now.workload().project(),
                now.host(),
                now.containerId(),
                now.index(),
                Instant.ofEpochMilli(slot),
                (int) interval.toSeconds(),
                usage);
    }

    /** How old the newest reading is; very old where there is none. */
    synchronized Duration age() {
        return newest == null
                ? Interval.MAX.multipliedBy(2)
                : Duration.ofNanos(System.nanoTime() - newest.counters().atNanos());
    }

    /** Whether there are two readings to compare. */
    synchronized boolean comparable() {
        return newest != null && former != null && newest.nanosAfter(former) >= SampleLimits.RATE_MIN.toNanos();
    }

    /** What is used as of the newest reading; null where there is none. */
    synchronized @Nullable InstanceUsage usage() {
        if (newest == null || reader == null) {
            return null;
        }
        InstanceState now = state;
        return new InstanceUsage(
                workload(),
                now.workload().org(),
                now.host(),
                now.containerId(),
                now.containerName(),
                now.index(),
                reader.way().wire(),
                Usages.of(former, newest));
    }

    /** The counters of the newest reading; null where there is none. */
    @Nullable
    ContainerCounters counters() {
        Reading reading;
        synchronized (this) {
            reading = reader == null ? null : newest;
        }
        if (reading == null) {
            return null;
        }
        InstanceState now = state;
        Counters counters = reading.counters();
        Cpu cpu = counters.cpu();
        Memory memory = counters.memory();
        Network network = counters.network();
        Block block = counters.block();
        return new ContainerCounters(
                now.workload(),
                now.host(),
                now.containerId(),
                now.containerName(),
                now.image(),
                now.index(),
                reading.at(),
                now.startedAt(),
                cpu.usedNanos(),
                known(cpu.userNanos()),
                known(cpu.systemNanos()),
                known(cpu.periods()),
                known(cpu.throttledPeriods()),
                known(cpu.throttledNanos()),
                memory.usageBytes(),
                memory.workingSetBytes(),
                known(memory.cacheBytes()),
                known(memory.rssBytes()),
                memory.limitBytes(),
                known(memory.oomKills()),
                network == null ? null : known(network.rxBytes()),
                network == null ? null : known(network.rxPackets()),
                network == null ? null : known(network.rxErrors()),
                network == null ? null : known(network.rxDropped()),
                network == null ? null : known(network.txBytes()),
                network == null ? null : known(network.txPackets()),
                network == null ? null : known(network.txErrors()),
                network == null ? null : known(network.txDropped()),
                block == null ? null : known(block.readBytes()),
                block == null ? null : known(block.writeBytes()),
                known(counters.pids()));
    }

    /**
     * The life has ended: reads once more what the kernel may still tell, closes, and says what is known.
     *
     * @param oomKilled what the engine says of the end
     */
    UsageEvidence end(Instant endedAt, boolean oomKilled) {
        boolean last = byKernel() && readAll();
        if (last) {
            record();
        }
        close();
        InstanceState now = state;
        synchronized (this) {
            List<Usage> usages = recorder == null ? List.of() : recorder.usages();
            return new UsageEvidence(
                    UsageEvidence.TYPE,
                    workload(),
                    now.host(),
                    now.containerId(),
                    now.index(),
                    now.startedAt(),
                    endedAt,
                    oomEvents(last, oomKilled),
                    usages);
        }
    }

    /** Ends without a word: another replica goes on. */
    synchronized void close() {
        closed = true;
        if (reader != null) {
            reader.close();
        }
    }

    /**
     * The group is gone with the life as a rule, and the last reading is from before the end: then none seen proves nothing.
     */
    private @Nullable Long oomEvents(boolean last, boolean oomKilled) {
        if (oomKills > 0 || (last && oomKills == 0 && !oomKilled)) {
            return oomKills;
        }
        return oomKilled ? 1L : null;
    }

    /** The open counters, opened if need be; null where that must wait. */
    private @Nullable CounterReader reader() {
        synchronized (this) {
            if (reader != null || closed || System.nanoTime() - triedAtNanos < SampleLimits.REOPEN.toNanos()) {
                return reader;
            }
        }
        CounterReader opened;
        try {
            opened = source.apply(state);
        } catch (EngineException | IllegalArgumentException e) {
            // Gone already, or of a host that this replica is not configured for.
            failed();
            return null;
        }
        synchronized (this) {
            if (closed || reader != null) {
                opened.close();
            } else {
                reader = opened;
            }
            return reader;
        }
    }

    @SuppressWarnings("ReferenceEquality") // Readers are told apart by who they are.
    private synchronized void take(CounterReader from, Reading reading) {
        if (from != reader || (newest != null && reading.nanosAfter(newest) <= 0)) {
            return;
        }
        if (newest != null && (former == null || newest.nanosAfter(former) >= SampleLimits.SPAN.toNanos())) {
            former = newest;
        }
        newest = reading;
        oomKills = Math.max(oomKills, reading.counters().memory().oomKills());
        if (slotBase == null) {
            slotBase = reading;
        }
    }

    private synchronized void failed() {
        triedAtNanos = System.nanoTime();
    }

    /** Counters that cannot be read any more. */
    @SuppressWarnings("ReferenceEquality")
    private synchronized void lose(CounterReader lost) {
        if (lost == reader && !closed) {
            reopen();
            failed();
        }
    }

    /** Forgets the counters and what they told: what is opened next may be another life's. */
    private synchronized void reopen() {
        if (reader != null && !closed) {
            reader.close();
            reader = null;
        }
        former = null;
        newest = null;
        slotBase = null;
    }

    private long slotOf(long millis) {
        return Math.floorDiv(millis, interval.toMillis()) * interval.toMillis();
    }

    private static @Nullable Long known(long number) {
        return number < 0 ? null : number;
    }
}
