package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One workload's live batches and who follows them. Thread-safe. */
final class Feed {
    private static final Logger LOGGER = LoggerFactory.getLogger(Feed.class);

    private final WorkloadId workload;
    private final Pages pages;
    private final CompletableFuture<Void> watching;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    /** The newest batches by their last numbers. */
    private final ConcurrentNavigableMap<Long, LiveBatch> recent = new ConcurrentSkipListMap<>();
    /** The highest number that ever came from the topic. */
    private volatile long newest;
    /** Of the thread that asks the store only. */
    private long stored;

    /**
     * A feed without subscribers.
     *
     * @param watching completes when every batch stored from then on will arrive
     */
    Feed(WorkloadId workload, Pages pages, CompletableFuture<Void> watching) {
        this.workload = workload;
        this.pages = pages;
        this.watching = watching;
    }

    WorkloadId workload() {
        return workload;
    }

    Pages pages() {
        return pages;
    }

    Set<Subscriber> subscribers() {
        return subscribers;
    }

    /**
     * Waits until live batches arrive, or for as long as a new reader should wait. Where that was too short, the
     * subscriber is told later that it may have missed something.
     */
    void awaitLive(Subscriber subscriber) throws InterruptedException {
        try {
            watching.get(StreamLimits.READY_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOGGER.atWarn()
                    .addKeyValue("workload", workload.value())
                    .addKeyValue("reason", e.toString())
                    .log("Live lines are away; the store is asked for them.");
            CompletableFuture<Void> _ = watching.whenComplete((_, failure) -> {
                if (failure == null) {
                    subscriber.missed();
                }
            });
        }
    }

    /** A batch came from the topic. Called by its thread. */
    void arrived(LiveBatch batch) {
        newest = Math.max(newest, batch.lastLine());
    }

    /** Keeps a batch for readers; false where one with the same end is kept that begins as early. Called under the lock of who bounds them. */
    boolean keep(LiveBatch batch) {
        LiveBatch there = recent.get(batch.lastLine());
        if (there != null && there.firstLine() <= batch.firstLine()) {
            return false;
        }
        recent.put(batch.lastLine(), batch);
        return true;
    }

    /** Forgets a batch that is too old to be kept. */
    void forget(long lastLine) {
        recent.remove(lastLine);
    }

    /** A batch that goes on from a number; the next one behind a hole where none does; null where none has more. */
    @Nullable
    LiveBatch above(long number) {
        LiveBatch first = null;
        // Pages of the store overlap with batches of the topic.
        for (LiveBatch batch : recent.tailMap(number, false).values()) {
            if (batch.firstLine() <= number + 1) {
                return batch;
            }
            first = first == null ? batch : first;
            if (batch.lastLine() > number + StreamLimits.CATCH_UP_LINES) {
                break;
            }
        }
        return first;
    }

    /** The highest number that came from the topic, kept or not; 0 before the first batch. */
    long newest() {
        return newest;
    }

    /**
     * The last number that the store had when it was asked before: what has not come by the topic since then is lost.
     *
     * @param last the last number that it has now
     */
    long due(long last) {
        long before = stored;
        stored = last;
        return before;
    }
}
