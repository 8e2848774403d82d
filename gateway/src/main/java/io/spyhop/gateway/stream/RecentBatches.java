package io.spyhop.gateway.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The newest live batches of all feeds: a reader that is a little behind takes them from here, decompressed and rendered
 * once however many readers do, and only one that is far behind asks the store. What they hold together is bounded in bytes
 * and in age; the oldest goes first, whose feed it is. Thread-safe.
 */
final class RecentBatches {
    private record Kept(Feed feed, long lastLine, int weight, long sinceNanos) {}

    private final int bytesMax;
    private final Duration age;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private long bytes;

    RecentBatches(int bytesMax, Duration age) {
        this.bytesMax = bytesMax;
        this.age = age;
    }

    /** Keeps a batch that has just arrived. */
    synchronized void add(Feed feed, LiveBatch batch) {
        if (feed.keep(batch)) {
            kept.addLast(new Kept(feed, batch.lastLine(), batch.weight(), System.nanoTime()));
            bytes += batch.weight();
        }
        while (bytes > bytesMax && kept.size() > 1) {
            forgetOldest();
        }
    }

    synchronized boolean isEmpty() {
        return kept.isEmpty();
    }

    /** Forgets what is old. */
    synchronized void expire() {
        long now = System.nanoTime();
        while (!kept.isEmpty() && now - kept.getFirst().sinceNanos() > age.toNanos()) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        Kept oldest = kept.removeFirst();
        bytes -= oldest.weight();
        oldest.feed().forget(oldest.lastLine());
    }
}
