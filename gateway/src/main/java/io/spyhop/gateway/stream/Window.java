package io.spyhop.gateway.stream;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Back-pressure of one connection: counts the bytes that were handed to the network and not yet taken by it, and blocks
 * the reader's virtual thread while they are too many. Thread-safe.
 */
final class Window {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final int bytesMax;
    private long bytes;
    private boolean closed;

    Window(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Waits until so many bytes may be sent. What is larger than the window waits until it is empty.
     *
     * @throws ClientGoneException when the connection has closed
     */
    void acquire(int wanted) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && bytes > 0 && bytes + wanted > bytesMax) {
                room.await();
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
