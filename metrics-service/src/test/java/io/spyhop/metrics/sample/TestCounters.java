package io.spyhop.metrics.sample;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import io.spyhop.engine.EngineException;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counters that a test makes: of a life that uses half a processor and sends a thousand bytes a second. */
final class TestCounters implements CounterReader {
    static final long MIB = 1 << 20;
    static final long HOST_BYTES = 1024 * MIB;

    private final CounterWay way;
    private final long beginNanos = System.nanoTime();
    final AtomicInteger reads = new AtomicInteger();
    final Queue<Long> readAtNanos = new ConcurrentLinkedQueue<>();
    volatile boolean gone;
    volatile boolean away;
    volatile boolean closed;
    volatile long cpuBeforeNanos = 1_000_000_000L;
    volatile long oomKills;

    TestCounters(CounterWay way) {
        this.way = way;
    }

    @Override
    public CounterWay way() {
        return way;
    }

    @Override
    public Counters read() {
        if (gone || closed) {
            throw new ContainerGoneException("c");
        }
        if (away) {
            throw new EngineException("away", null);
        }
        reads.incrementAndGet();
        long now = System.nanoTime();
        readAtNanos.add(now);
        return counters(now, cpuBeforeNanos + (now - beginNanos) / 2, (now - beginNanos) / 1_000_000, oomKills);
    }

    @Override
    public void close() {
        closed = true;
    }

    static Counters counters(long atNanos, long cpuNanos, long txBytes, long oomKills) {
        return new Counters(
                atNanos,
                new Cpu(cpuNanos, -1, -1, -1, -1, -1, -1),
                new Memory(12 * MIB, 2 * MIB, -1, -1, 40 * MIB, HOST_BYTES, oomKills),
                new Network(500, 1, 0, 0, txBytes, 1, 0, 0),
                new Block(4096, 0),
                3);
    }

    static InstanceState state(String workload, String container, @Nullable Instant startedAt) {
        return state(workload, container, InstanceStatus.RUNNING, startedAt, null, Map.of());
    }

    static InstanceState state(
            String workload,
            String container,
            InstanceStatus status,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            Map<String, String> labels) {
        return SomeInstance.of(workload, container)
                .in("acme", "shop")
                .named("name-" + container)
                .status(status)
                .labels(labels)
                .pid(17L)
                .lived(startedAt, finishedAt)
                .state();
    }
}
