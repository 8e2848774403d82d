package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One workload's live batches and who follows them. Thread-safe. */
final class Feed {
    private static final Logger LOGGER = LoggerFactory.getLogger(Feed.class);

    private final WorkloadId workload;
    private final Pages pages;
    private final CompletableFuture<Void> watching;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
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

    /** A batch of this workload arrived: a reference for each subscriber. */
    void arrived(LineBatch batch) {
        if (subscribers.isEmpty()) {
            return;
        }
        LiveBatch live = LiveBatch.of(batch);
        for (Subscriber subscriber : subscribers) {
            subscriber.offer(live);
        }
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
