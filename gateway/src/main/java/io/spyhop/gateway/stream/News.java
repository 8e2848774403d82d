package io.spyhop.gateway.stream;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Guards what one thread waits for and others change. Thread-safe. */
public final class News {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Makes a change, and wakes who waits. */
    public void tell(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes what there is at once. */
    public <T> T look(Supplier<T> taking) {
        lock.lock();
        try {
            return taking.get();
        } finally {
            lock.unlock();
        }
    }

    /** Takes once there is something. */
    public <T> T take(BooleanSupplier there, Supplier<T> taking) throws InterruptedException {
        lock.lock();
        try {
            while (!there.getAsBoolean()) {
                changed.await();
            }
            return taking.get();
        } finally {
            lock.unlock();
        }
    }

    /** Takes once there is something, or so much time has gone. */
    public <T> T take(long nanos, BooleanSupplier there, Supplier<T> taking) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!there.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return taking.get();
        } finally {
            lock.unlock();
        }
    }
}
