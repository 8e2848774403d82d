package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of live lines only, as an app's stream is. When it falls behind, lines are dropped, it is told how many, and it goes
 * on from the present. An app's ends after a system line once no instance runs and none will be restarted, which the catalogue
 * must say twice, because a restart begins with an ending.
 */
final class AppReader implements Subscriber {
    private static final Logger LOGGER = LoggerFactory.getLogger(AppReader.class);
    private static final byte[] SYSTEM = "\"stream\":\"system\"".getBytes(StandardCharsets.US_ASCII);

    /** A life's end reaches the catalogue within this time. */
    private static final Duration END_CHECK = Duration.ofMillis(1500);

    private static final int END_CHECKS = 2;

    private final LineFeeds feeds;
    private final WorkloadId workload;
    private final View view;
    private final LineWriter writer;
    private final @Nullable Supplier<Workload> catalogue;
    private final StreamMetrics metrics;
    private final AppInbox inbox = new AppInbox(StreamLimits.APP_QUEUE_LINES_MAX);
    private int endChecks;

    /**
     * A reader of live lines.
     *
     * @param catalogue tells when the workload has ended; null for a stream that outlives it
     */
    AppReader(
            LineFeeds feeds,
            WorkloadId workload,
            View view,
            LineWriter writer,
            @Nullable Supplier<Workload> catalogue,
            StreamMetrics metrics) {
        this.feeds = feeds;
        this.workload = workload;
        this.view = view;
        this.writer = writer;
        this.catalogue = catalogue;
        this.metrics = metrics;
    }

    @Override
    public void offer(LiveBatch batch) {
        inbox.offer(batch);
    }

    @Override
    public void tick() {
        inbox.tick();
    }

    @Override
    public void stored(long lastLine) {
        // Live only: what is only in the store has passed.
    }

    @Override
    public void missed() {
        // As above.
    }

    @Override
    public void close() {
        inbox.close();
        writer.stop();
    }

    @Override
    public void run() {
        try {
            Feed feed = feeds.join(workload, this);
            try {
                feed.awaitLive(this);
                writer.keepAlive(-1);
                follow();
            } finally {
                feeds.leave(feed, this);
            }
        } catch (ClientGoneException e) {
            LOGGER.atTrace().addKeyValue("workload", workload.value()).log("A reader has gone.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("workload", workload.value())
                    .setCause(e)
                    .log("A reader failed.");
        } finally {
            writer.end();
        }
    }

    private void follow() throws InterruptedException {
        boolean mayEnd = false;
        while (true) {
            AppInbox.Taken taken = inbox.take(mayEnd ? END_CHECK.toNanos() : Long.MAX_VALUE);
            if (taken.closed()) {
                return;
            }
            if (taken.dropped() > 0) {
                metrics.dropped(taken.dropped());
                writer.dropped(taken.dropped());
            }
            LiveBatch batch = taken.batch();
            if (batch != null) {
                mayEnd |= write(batch, taken.skip());
            } else if (taken.tick()) {
                writer.keepAlive(-1);
            } else if (mayEnd && taken.dropped() == 0) {
                if (!ended()) {
                    mayEnd = false;
                } else if (endChecks >= END_CHECKS) {
                    return;
                }
            }
        }
    }

    /** Writes a batch; tells whether a system line was in it. */
    private boolean write(LiveBatch batch, int skip) throws InterruptedException {
        Block block = batch.block();
        if (block == null) {
            return false;
        }
        byte[] ndjson = block.ndjson();
        Lines lines = view.wanted(block, writer.rendering());
        int from = skip == 0 ? 0 : lines.indexAfter(batch.firstLine() + skip - 1);
        if (from < lines.count()) {
            writer.write(lines, from, lines.count());
        }
        endChecks = 0;
        return catalogue != null && Rows.find(ndjson, SYSTEM, 0, ndjson.length) >= 0;
    }

    private boolean ended() {
        if (catalogue == null) {
            return false;
        }
        try {
            boolean over = catalogue.get().instances().stream().allMatch(instance -> over(instance.status()));
            endChecks = over ? endChecks + 1 : 0;
            return over;
        } catch (RuntimeException e) {
            LOGGER.atDebug()
                    .addKeyValue("workload", workload.value())
                    .addKeyValue("reason", e.toString())
                    .log("The catalogue is away; a stream stays open.");
            return true;
        }
    }

    private static boolean over(InstanceStatus status) {
        return switch (status) {
            case STOPPED, EXITED, REMOVED, CRASHED, FAILED -> true;
            case RUNNING, CREATING, STOPPING, PAUSED, RESTARTING, UNHEALTHY -> false;
        };
    }
}
