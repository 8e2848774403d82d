package io.spyhop.gateway.stream;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What one reader is told while it writes or waits. Each signal is there at most once. Thread-safe; one thread takes. */
final class Inbox {
    /** What there is to do next, the most urgent first. */
    enum Signal {
        /** The client has gone. */
        CLOSED,
        /** It is time for a sign of life. */
        TICK,
        /** Lines did not come by the topic; the store has them. */
        MISSED,
        /** A batch arrived. */
        ARRIVED,
        /** Nothing came in time. */
        NOTHING
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private boolean closed;
    private boolean tick;
    private boolean missed;
    private boolean arrived;

    /** A batch arrived; never blocks for long. */
    void arrived() {
        lock.lock();
        try {
            arrived = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    void missed() {
        lock.lock();
        try {
            missed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    void tick() {
        lock.lock();
        try {
            tick = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next signal, at once. */
    Signal look() {
        lock.lock();
        try {
            return next();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next signal. */
    Signal take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                Signal signal = next();
                if (signal != Signal.NOTHING) {
                    return signal;
                }
                news.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits so long, but not beyond a tick or the end; what is about lines stays. Zero only looks. */
    Signal pause(Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long left = longest.toNanos();
            Signal signal = urgent();
            while (signal == Signal.NOTHING && left > 0) {
                left = news.awaitNanos(left);
                signal = urgent();
            }
            return signal;
        } finally {
            lock.unlock();
        }
    }

    private Signal next() {
        Signal signal = urgent();
        if (signal != Signal.NOTHING) {
            return signal;
        }
        if (missed) {
            missed = false;
            return Signal.MISSED;
        }
        if (arrived) {
            arrived = false;
            return Signal.ARRIVED;
        }
        return Signal.NOTHING;
    }

    private Signal urgent() {
        if (closed) {
            return Signal.CLOSED;
        }
        if (tick) {
            tick = false;
            return Signal.TICK;
        }
        return Signal.NOTHING;
    }
}
