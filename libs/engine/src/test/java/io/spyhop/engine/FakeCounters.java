package io.spyhop.engine;

import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;

/** Counters of a container of {@link FakeEngine}, which does nothing, for as long as its life lasts. */
final class FakeCounters implements CounterReader {
    private static final long HOST_BYTES = 8L << 30;

    private final FakeEngine engine;
    private final ContainerDetails life;
    private volatile boolean closed;

    FakeCounters(FakeEngine engine, String id) {
        this.engine = engine;
        this.life = engine.inspect(id).orElseThrow(() -> new ContainerGoneException(id));
    }

    @Override
    public CounterWay way() {
        return CounterWay.API;
    }

    @Override
    public Counters read() {
        ContainerDetails now = engine.inspect(life.id()).orElseThrow(() -> new ContainerGoneException(life.id()));
        Long pid = now.pid();
        if (closed || pid == null || !pid.equals(life.pid())) {
            throw new ContainerGoneException(life.id());
        }
        Long limit = now.memoryLimitBytes();
        return new Counters(
                System.nanoTime(),
                new Cpu(1_000_000, 0, 0, 0, 0, 0, Counters.UNKNOWN),
                new Memory(1 << 20, 0, 0, 0, limit == null ? 0 : limit, HOST_BYTES, Counters.UNKNOWN),
                new Network(0, 0, 0, 0, 0, 0, 0, 0),
                new Block(0, 0),
                1);
    }

    @Override
    public void close() {
        closed = true;
    }
}
