package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.topic.RecordKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds of all workloads that somebody follows here. Only their partitions are read. Thread-safe. When the store is
 * away, ticks still give signs of life; lost batches are found once it is back.
 */
final class LineFeeds implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LineFeeds.class);

    /** {@link LogsApi#lastNumbers} takes no more. */
    private static final int NUMBERS_MAX = 10_000;

    private final LineSource source;
    private final Supplier<LogsApi> logs;
    private final ConcurrentMap<WorkloadId, Feed> feeds = new ConcurrentHashMap<>();
    private final RecentBatches recent;
    private volatile boolean storeAway;

    /** Feeds from a source that is opened with the place where its batches go. */
    LineFeeds(
            Function<Consumer<LineBatch>, ? extends LineSource> source, Supplier<LogsApi> logs, RecentBatches recent) {
        this.logs = logs;
        this.recent = recent;
        this.source = source.apply(this::arrived);
    }

    /** Begins to hand a workload's batches to a subscriber. */
    Feed join(WorkloadId workload, Subscriber subscriber) {
        return present(feeds.compute(workload, (id, known) -> {
            Feed feed = known == null
                    ? new Feed(id, new Pages(logs.get(), id), source.watch(RecordKey.partitionOf(id.value())))
                    : known;
            feed.subscribers().add(subscriber);
            return feed;
        }));
    }

    /** Ends what {@link #join} began. */
    void leave(Feed feed, Subscriber subscriber) {
        feeds.computeIfPresent(feed.workload(), (id, known) -> {
            if (!known.subscribers().remove(subscriber) || !known.subscribers().isEmpty()) {
                return known;
            }
            source.unwatch(RecordKey.partitionOf(id.value()));
            return null;
        });
    }

    /** A page of the store, which others that are as far behind find in the feed afterwards. */
    StoredPage page(Feed feed, long after) {
        StoredPage page = feed.pages().after(after, StreamLimits.CATCH_UP_LINES);
        LiveBatch batch = page.asBatch(after);
        if (batch != null) {
            recent.add(feed, batch);
        }
        return page;
    }

    /** A batch came from the topic. Called by the topic's own thread; never blocks. */
    private void arrived(LineBatch batch) {
        Feed feed = feeds.get(batch.workload());
        if (feed != null && !feed.subscribers().isEmpty()) {
            LiveBatch live = LiveBatch.of(batch, feed.subscribers().size() >= StreamLimits.MANY);
            feed.arrived(live);
            recent.add(feed, live);
            feed.subscribers().forEach(subscriber -> subscriber.offer(live));
        }
    }

    /** Whether somebody follows the workload here. */
    boolean followed(WorkloadId workload) {
        return feeds.containsKey(workload);
    }

    /** Whether somebody follows anything, or something of what was followed is still kept. */
    boolean isNeeded() {
        return !feeds.isEmpty() || !recent.isEmpty();
    }

    /** Gives every subscriber a sign of life. */
    void tick() {
        for (Feed feed : feeds.values()) {
            feed.subscribers().forEach(Subscriber::tick);
        }
    }

    /**
     * Asks the store, in one request, what the last batches should be: the only way to lines while the broker is away. What
     * it has now may be on its way, and counts as lost the next time. Called by one thread at a time.
     */
    void compare() {
        recent.expire();
        List<WorkloadId> served = new ArrayList<>(feeds.keySet());
        for (int from = 0; from < served.size(); from += NUMBERS_MAX) {
            try {
                logs.get()
                        .lastNumbers(served.subList(from, Math.min(from + NUMBERS_MAX, served.size())))
                        .forEach(this::stored);
                storeAway = false;
            } catch (RuntimeException e) {
                if (!storeAway) {
                    LOGGER.atWarn().addKeyValue("reason", e.toString()).log("The store of lines is away.");
                }
                storeAway = true;
            }
        }
    }

    /** Ends every subscription. */
    void endAll() {
        for (Feed feed : feeds.values()) {
            feed.subscribers().forEach(Subscriber::close);
        }
    }

    /** Ends the source too. */
    @Override
    public void close() {
        endAll();
        source.close();
    }

    private void stored(WorkloadId workload, Long lastLine) {
        Feed feed = feeds.get(workload);
        if (feed != null) {
            long due = feed.due(lastLine);
            if (due <= feed.newest()) {
                return;
            }
            feed.subscribers().forEach(subscriber -> subscriber.stored(due));
        }
    }

    private static Feed present(@Nullable Feed feed) {
        return Objects.requireNonNull(feed);
    }
}
