package io.spyhop.gateway.stats;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.gateway.stream.ClientGoneException;
import io.spyhop.gateway.stream.News;
import io.spyhop.gateway.stream.OpenStream;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
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
    private final News news = new News();

    // Guarded by it.
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
        // That nothing runs is told once.
        news.tell(() -> latest = frame.idle() && idle ? null : frame);
    }

    /** It is time for a sign of life. */
    void tick() {
        news.tell(() -> tick = true);
    }

    @Override
    public void close() {
        news.tell(() -> closed = true);
        writer.stop();
    }

    @Override
    public void run() {
        feed.join(this);
        try {
            for (Optional<Buffer> next = take(); next.isPresent(); next = take()) {
                writer.send(next.get());
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

    /** Waits for what is to be sent next; empty at the end. */
    private Optional<Buffer> take() throws InterruptedException {
        return news.take(() -> closed || latest != null || tick, () -> {
            Frame frame = latest;
            latest = null;
            tick = false;
            if (closed || frame == null) {
                return closed ? Optional.empty() : Optional.of(KEEP_ALIVE);
            }
            idle = frame.idle();
            return Optional.of(frame.event());
        });
    }
}
