package io.spyhop.gateway.stream;

import io.spyhop.contracts.log.LineBatch;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The topic in memory: what is published arrives, if the partition is watched. */
final class FakeSource implements LineSource {
    final Map<Integer, Integer> watched = new ConcurrentHashMap<>();
    private final Consumer<LineBatch> arrived;

    FakeSource(Consumer<LineBatch> arrived) {
        this.arrived = arrived;
    }

    void publish(LineBatch batch) {
        arrived.accept(batch);
    }

    @Override
    public CompletableFuture<Void> watch(int partition) {
        watched.merge(partition, 1, Integer::sum);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void unwatch(int partition) {
        watched.computeIfPresent(partition, (id, count) -> count == 1 ? null : count - 1);
    }

    @Override
    public void close() {}
}
