package io.spyhop.gateway.stats;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.gateway.stream.ClientGoneException;
import io.spyhop.gateway.stream.OpenStream;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that watches what a workload uses. What it has not read when there are newer figures is dropped. Its run is on
 * one virtual thread; the other methods are thread-safe and never block.
 */
final class StatsReader implements Runnable, OpenStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(StatsReader.class);
    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");

    private final StatsFeed feed;
    private final WorkloadId workload;
    private final StatsWriter writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // Under the lock.
    private @Nullable Frame latest;
    private boolean idle;
    private boolean tick;
    private boolean closed;

    StatsReader(StatsFeed feed, WorkloadId workload, StatsWriter writer) {
        this.feed = feed;
        this.workload = workload;
        this.writer = writer;
    }

    WorkloadId workload() {
        return workload;
    }

    /** These are the figures now. */
    void offer(Frame frame) {
        lock.lock();
        try {
            latest = frame;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** It is time for a sign of life. */
    void tick() {
        lock.lock();
        try {
            tick = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        writer.stop();
    }

    @Override
    public void run() {
        feed.join(this);
        try {
            for (Buffer next = take(); next != null; next = take()) {
                writer.send(next);
            }
        } catch (ClientGoneException e) {
            LOGGER.atTrace().log("A watcher of figures has gone.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("A watcher of figures failed.");
        } finally {
            feed.leave(this);
            writer.end();
        }
    }

    /** Waits for what is to be sent next; null at the end. */
    private @Nullable Buffer take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                Frame frame = latest;
                latest = null;
                // That nothing runs is told once.
                if (frame != null && !(frame.idle() && idle)) {
                    idle = frame.idle();
                    tick = false;
                    return frame.event();
                }
                if (tick) {
                    tick = false;
                    return KEEP_ALIVE;
                }
                news.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }
}
