package io.spyhop.logs.capture;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one workload was sent and is not stored, in the order of the topic, over all ownerships of this process: what was taken under
 * one that failed is taken again under the next. The topic's reader bounds it, for it reads no more while too much is not
 * acknowledged. Thread-safe.
 */
final class IngestQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<PendingIngest> waiting = new ArrayDeque<>();
    private final Deque<PendingIngest> unstored = new ArrayDeque<>();

    void add(PendingIngest next) {
        lock.lock();
        try {
            waiting.addLast(next);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next one; null where none comes within that time. */
    @Nullable
    PendingIngest take(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanosLeft = patience.toNanos();
            while (waiting.isEmpty()) {
                if (nanosLeft <= 0) {
                    return null;
                }
                nanosLeft = arrived.awaitNanos(nanosLeft);
            }
            PendingIngest next = waiting.removeFirst();
            unstored.addLast(next);
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** All lines of one that was taken are stored. */
    void stored(PendingIngest taken) {
        lock.lock();
        try {
            unstored.remove(taken);
        } finally {
            lock.unlock();
        }
        taken.acknowledgement().done();
    }

    /** What was taken and is not stored is to be taken again. */
    void takeAgain() {
        lock.lock();
        try {
            while (!unstored.isEmpty()) {
                waiting.addFirst(unstored.removeLast());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether all of it is stored. */
    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty() && unstored.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
