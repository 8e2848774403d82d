package io.spyhop.gateway.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one reader of an app stream: the newest lines up to a limit. Older ones are dropped and counted. A batch
 * that finds it empty always fits, since batches are shared and a reader that keeps up should see all of it. Thread-safe;
 * one thread takes.
 */
final class AppInbox {
    /**
     * What there is to do next.
     *
     * @param dropped lines that are missing before the batch
     * @param batch null where there is none
     * @param skip lines at the beginning of the batch that are among the dropped ones
     */
    record Taken(long dropped, @Nullable LiveBatch batch, int skip, boolean tick, boolean closed) {}

    private final News news = new News();
    private final Deque<LiveBatch> batches = new ArrayDeque<>();
    private final int linesMax;
    private int lines;
    private int skip;
    private long dropped;
    private boolean tick;
    private boolean closed;

    AppInbox(int linesMax) {
        this.linesMax = linesMax;
    }

    void offer(LiveBatch batch) {
        news.tell(() -> {
            if (closed) {
                return;
            }
            if (batch.block() == null) {
                dropped += lines + batch.count();
                clear();
            } else if (batches.isEmpty() || lines + batch.count() <= linesMax) {
                batches.add(batch);
                lines += batch.count();
            } else {
                dropped += lines;
                clear();
                skip = Math.max(0, batch.count() - linesMax);
                dropped += skip;
                batches.add(batch);
                lines = batch.count() - skip;
            }
        });
    }

    void tick() {
        news.tell(() -> tick = true);
    }

    void close() {
        news.tell(() -> {
            closed = true;
            clear();
        });
    }

    /** Waits for what is next, at most so long. */
    Taken take(long nanos) throws InterruptedException {
        return news.take(nanos, () -> !batches.isEmpty() || dropped > 0 || tick || closed, () -> {
            LiveBatch batch = batches.poll();
            Taken taken = new Taken(dropped, batch, batch == null ? 0 : skip, tick, closed);
            if (batch != null) {
                lines -= batch.count() - skip;
                skip = 0;
            }
            dropped = 0;
            tick = false;
            return taken;
        });
    }

    private void clear() {
        batches.clear();
        lines = 0;
        skip = 0;
    }
}
