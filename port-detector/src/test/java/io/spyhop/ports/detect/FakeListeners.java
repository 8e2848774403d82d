package io.spyhop.ports.detect;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.ListenWay;
import io.spyhop.engine.PortException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A container that listens as a test says. Thread-safe. */
final class FakeListeners implements ListenReader {
    private final @Nullable ListenWay way;
    private volatile List<ListenSocket> sockets = List.of();
    private volatile boolean gone;
    volatile boolean closed;
    final AtomicInteger looks = new AtomicInteger();

    FakeListeners(@Nullable ListenWay way) {
        this.way = way;
    }

    FakeListeners listen(int... ports) {
        sockets = Arrays.stream(ports)
                .mapToObj(port -> new ListenSocket(port, "0.0.0.0", false, "p", 1L))
                .toList();
        return this;
    }

    void listen(List<ListenSocket> all) {
        sockets = all;
    }

    void vanish() {
        gone = true;
    }

    @Override
    public @Nullable ListenWay way() {
        return way;
    }

    @Override
    public boolean isLocal() {
        return way == ListenWay.NAMESPACE;
    }

    @Override
    public boolean hostNetwork() {
        return false;
    }

    @Override
    public List<ListenSocket> read() {
        looks.incrementAndGet();
        if (gone || closed) {
            throw new ContainerGoneException("c");
        }
        if (way == null) {
            throw PortException.noWay("no program", null);
        }
        return sockets;
    }

    @Override
    public void close() {
        closed = true;
    }
}
