package io.spyhop.gateway.stream;

import java.time.Duration;

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

    private final News news = new News();
    private boolean closed;
    private boolean tick;
    private boolean missed;
    private boolean arrived;

    /** A batch arrived; never blocks for long. */
    void arrived() {
        news.tell(() -> arrived = true);
    }

    void missed() {
        news.tell(() -> missed = true);
    }

    void tick() {
        news.tell(() -> tick = true);
    }

    void close() {
        news.tell(() -> closed = true);
    }

    /** The next signal, at once. */
    Signal look() {
        return news.look(this::next);
    }

    /** Waits for the next signal. */
    Signal take() throws InterruptedException {
        return news.take(() -> closed || tick || missed || arrived, this::next);
    }

    /** Waits so long, but not beyond a tick or the end; what is about lines stays. Zero only looks. */
    Signal pause(Duration longest) throws InterruptedException {
        return news.take(longest.toNanos(), () -> closed || tick, this::urgent);
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
