package io.spyhop.gateway.stream;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Back-pressure of one connection: counts the bytes that were handed to the network and not yet taken by it, and blocks
 * the reader's virtual thread while they are too many. Thread-safe.
 */
final class Window {
    static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final int bytesMax;
    private final Duration patience;
    private long bytes;
    private boolean closed;

    /** A window of a client that may take as long as it likes. */
    Window(int bytesMax) {
        this(bytesMax, FOREVER);
    }

    /** A window of a client that must take something within some time. */
    Window(int bytesMax, Duration patience) {
        this.bytesMax = bytesMax;
        this.patience = patience;
    }

    /**
     * Waits until so many bytes may be sent. What is larger than the window waits until it is empty.
     *
     * @throws ClientGoneException when the connection has closed
     * @throws ClientStalledException when the client has taken nothing for too long
     */
    void acquire(int wanted) throws InterruptedException {
        lock.lock();
        try {
            long before = bytes;
            long left = patience.toNanos();
            while (!closed && bytes > 0 && bytes + wanted > bytesMax) {
                if (left <= 0) {
                    throw new ClientStalledException(patience);
                }
                left = room.awaitNanos(left);
                if (bytes < before) {
                    before = bytes;
                    left = patience.toNanos();
                }
            }
            if (closed) {
                throw new ClientGoneException();
            }
            bytes += wanted;
        } finally {
            lock.unlock();
        }
    }

    /** So many bytes have left. */
    void release(int sent) {
        lock.lock();
        try {
            bytes -= sent;
            room.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The connection has closed; ends all waiting. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
