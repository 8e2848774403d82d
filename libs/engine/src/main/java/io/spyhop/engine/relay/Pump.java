package io.spyhop.engine.relay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies bytes between pairs of sockets, on one platform thread for all of them, so that an idle pair costs nothing but its
 * sockets. What a socket does not take is kept, and nothing more is read for it until it has: a pair keeps a buffer's worth
 * each way at most, and less where many do. A pair ends when its client goes, when either side breaks, and, once the client has
 * got all, when the far side has ended.
 */
final class Pump implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Pump.class);

    private final Selector selector = Selector.open();
    private final Queue<SocketChannel[]> fresh = new ConcurrentLinkedQueue<>();
    private final Runnable ended;
    private final Thread thread;
    // The thread's.
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(RelayLimits.BUFFER_BYTES);
    private final AtomicLong kept = new AtomicLong();

    /**
     * Begins.
     *
     * @param ended called for each pair when it has ended
     */
    Pump(Runnable ended) throws IOException {
        this.ended = ended;
        this.thread = Thread.ofPlatform().name("relay-pump").daemon().start(this::run);
    }

    /** A socket of a pair. */
    private static final class Side {
        final SocketChannel channel;
        final boolean near;
        final SelectionKey key;

        @Nullable
        Side peer;

        /** What the peer sent and this one has not taken. */
        @Nullable
        ByteBuffer pending;

        /** Nothing more comes from the peer. */
        boolean last;

        Side(SocketChannel channel, boolean near, Selector selector) throws IOException {
            this.channel = channel;
            this.near = near;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void want(int operation, boolean wanted) {
            key.interestOps(wanted ? key.interestOps() | operation : key.interestOps() & ~operation);
        }
    }

    /** Takes a pair, in non-blocking mode. */
    void add(SocketChannel near, SocketChannel far) {
        fresh.add(new SocketChannel[] {near, far});
        selector.wakeup();
    }

    /** How many bytes wait for sockets that do not take them. */
    long kept() {
        return kept.get();
    }

    /** Closes all pairs. */
    @Override
    public void close() {
        thread.interrupt();
        selector.wakeup();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                selector.select(this::ready);
                for (SocketChannel[] pair = fresh.poll(); pair != null; pair = fresh.poll()) {
                    begin(pair[0], pair[1]);
                }
            }
        } catch (IOException | ClosedSelectorException e) {
            LOGGER.atError().setCause(e).log("Connections to ports are no longer served.");
        } finally {
            selector.keys().forEach(key -> close(key.channel()));
            fresh.forEach(pair -> {
                close(pair[0]);
                close(pair[1]);
            });
            close(selector);
        }
    }

    private void begin(SocketChannel near, SocketChannel far) {
        try {
            Side client = new Side(near, true, selector);
            Side server = new Side(far, false, selector);
            client.peer = server;
            server.peer = client;
        } catch (IOException e) {
            close(near);
            close(far);
            ended.run();
        }
    }

    private void ready(SelectionKey key) {
        Side side = (Side) key.attachment();
        try {
            if (key.isValid() && key.isWritable()) {
                flush(side);
            }
            if (key.isValid() && key.isReadable()) {
                read(side);
            }
        } catch (IOException | CancelledKeyException e) {
            end(side);
        }
    }

    private void read(Side side) throws IOException {
        buffer.clear();
        if (kept.get() > RelayLimits.KEPT_BYTES) {
            buffer.limit(RelayLimits.BUFFER_BYTES_LEAST);
        }
        int count = side.channel.read(buffer);
        Side peer = side.peer;
        if (count < 0) {
            if (side.near || peer == null) {
                end(side);
            } else {
                farEnded(side, peer);
            }
            return;
        }
        if (peer == null) {
            // The far side has ended, and its client does not know yet.
            return;
        }
        buffer.flip();
        peer.channel.write(buffer);
        if (buffer.hasRemaining()) {
            kept.addAndGet(buffer.remaining());
            peer.pending = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
            peer.want(SelectionKey.OP_WRITE, true);
            side.want(SelectionKey.OP_READ, false);
        }
    }

    private void flush(Side side) throws IOException {
        ByteBuffer pending = side.pending;
        if (pending != null) {
            side.channel.write(pending);
            if (pending.hasRemaining()) {
                return;
            }
            forget(side);
        }
        side.want(SelectionKey.OP_WRITE, false);
        if (side.last) {
            side.channel.shutdownOutput();
        } else if (side.peer != null) {
            side.peer.want(SelectionKey.OP_READ, true);
        }
    }

    /** The client gets the rest and then the end; to close at once could cost it what is on its way. */
    private void farEnded(Side far, Side client) throws IOException {
        close(far.channel);
        forget(far);
        client.peer = null;
        client.last = true;
        if (client.pending == null) {
            client.channel.shutdownOutput();
        }
        client.want(SelectionKey.OP_READ, true);
    }

    private void forget(Side side) {
        if (side.pending != null) {
            kept.addAndGet(-side.pending.capacity());
            side.pending = null;
        }
    }

    private void end(Side side) {
        Side other = side.peer;
        forget(side);
        if (other != null) {
            forget(other);
        }
        Side client = side.near ? side : other;
        if (client != null && client.channel.isOpen()) {
            close(client.channel);
            ended.run();
        }
        close(side.channel);
        if (other != null) {
            close(other.channel);
        }
    }

    private static void close(Closeable each) {
        try {
            each.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }
}
