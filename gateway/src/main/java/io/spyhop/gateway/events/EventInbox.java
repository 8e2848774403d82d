package io.spyhop.gateway.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one reader, up to a limit. When it is full it is emptied, for the topic has it all, and the reader is
 * told that something is missing. Thread-safe; one thread takes.
 */
final class EventInbox {
    /**
     * What there is to do next.
     *
     * @param event null where there is none
     * @param missed whether the topic has events that are not in here
     */
    record Taken(@Nullable Event event, boolean missed, boolean tick, boolean closed) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Deque<Event> events = new ArrayDeque<>();
    private final int most;
    private boolean missed;
    private boolean tick;
    private boolean closed;

    EventInbox(int most) {
        this.most = most;
    }

    void offer(Event event) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (events.size() >= most) {
                events.clear();
                missed = true;
            } else {
                events.add(event);
            }
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The topic has what is not in here. */
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
            events.clear();
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is next. */
    Taken take() throws InterruptedException {
        lock.lock();
        try {
            while (events.isEmpty() && !missed && !tick && !closed) {
                news.await();
            }
            // What is missing is read first; it has what waits here too.
            Taken taken = new Taken(missed ? null : events.poll(), missed, tick, closed);
            missed = false;
            tick = false;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a while, unless it is closed or a tick is due. */
    void rest(Duration pause) throws InterruptedException {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!tick && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            // Who rests gives a sign of life afterwards anyway.
            tick = false;
        } finally {
            lock.unlock();
        }
    }
}
