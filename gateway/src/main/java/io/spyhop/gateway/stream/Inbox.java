package io.spyhop.gateway.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for one reader: live batches up to a limit, and signals. A batch that does not fit empties it and leaves a
 * note that something was missed, since the store has it all. Thread-safe; one thread takes.
 */
final class Inbox {
    /** What there is to do next. */
    sealed interface Event {
        /** A batch arrived. */
        record Batch(LiveBatch batch) implements Event {}

        /** A signal. */
        enum Signal implements Event {
            /** Lines are missing here; the store has them. */
            MISSED,
            /** It is time for a sign of life. */
            TICK,
            /** The client has gone. */
            CLOSED,
            /** Nothing came in time. */
            NOTHING
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Deque<LiveBatch> batches = new ArrayDeque<>();
    private final int bytesMax;
    private int bytes;
    private boolean missed;
    private boolean tick;
    private boolean closed;

    Inbox(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Adds a batch; never blocks. */
    void offer(LiveBatch batch) {
        lock.lock();
        try {
            // While a catch-up is due, whatever comes now is already stored and will be read then.
            if (closed || missed) {
                return;
            }
            if (batch.block() == null || batch.weight() > bytesMax - bytes) {
                batches.clear();
                bytes = 0;
                missed = true;
            } else {
                batches.add(batch);
                bytes += batch.weight();
            }
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Tells that the store has lines up to here; they are missed unless the reader or the queue has them. */
    void stored(long last, long cursor) {
        lock.lock();
        try {
            LiveBatch newest = batches.peekLast();
            if (last > cursor && (newest == null || newest.lastLine() < last)) {
                batches.clear();
                bytes = 0;
                missed = true;
                news.signal();
            }
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
            batches.clear();
            bytes = 0;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is next. */
    Event take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                Event.Signal signal = urgent();
                if (signal != Event.Signal.NOTHING) {
                    return signal;
                }
                if (missed) {
                    missed = false;
                    return Event.Signal.MISSED;
                }
                LiveBatch batch = batches.poll();
                if (batch != null) {
                    bytes -= batch.weight();
                    return new Event.Batch(batch);
                }
                news.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits so long, but not beyond a tick or the end; batches stay. Zero only looks. */
    Event.Signal pause(Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long left = longest.toNanos();
            Event.Signal signal = urgent();
            while (signal == Event.Signal.NOTHING && left > 0) {
                left = news.awaitNanos(left);
                signal = urgent();
            }
            return signal;
        } finally {
            lock.unlock();
        }
    }

    private Event.Signal urgent() {
        if (closed) {
            return Event.Signal.CLOSED;
        }
        if (tick) {
            tick = false;
            return Event.Signal.TICK;
        }
        return Event.Signal.NOTHING;
    }
}
