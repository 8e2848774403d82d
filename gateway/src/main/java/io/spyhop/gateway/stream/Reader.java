package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that follows one workload and loses nothing. It runs on a virtual thread of its own; all it knows is a
 * cursor, the number up to which everything was written or passed over.
 *
 * <p>Phases: it subscribes; it finds its start in the store; then it takes what waits in its inbox. A batch below the
 * cursor is dropped, one that overlaps is cut, and one that leaves a hole, like a note that something was missed, sends it
 * to the store, which it reads until an empty page. While the store is away it tries again, ever more slowly, and keeps
 * its connection alive. When the client goes it ends at once.
 */
final class Reader implements Runnable, Subscriber {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reader.class);

    private final LineFeeds feeds;
    private final WorkloadId workload;
    private final Start start;
    private final LineWriter writer;
    private final StreamMetrics metrics;
    private final Inbox inbox = new Inbox(StreamLimits.QUEUE_BYTES_MAX);
    private volatile long cursor;
    private volatile boolean started;

    Reader(LineFeeds feeds, WorkloadId workload, Start start, LineWriter writer, StreamMetrics metrics) {
        this.feeds = feeds;
        this.workload = workload;
        this.start = start;
        this.writer = writer;
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
        // Before the start is found the cursor means nothing.
        if (started) {
            inbox.stored(lastLine, cursor);
        }
    }

    @Override
    public void missed() {
        inbox.stored(Long.MAX_VALUE, cursor);
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
                begin(feed.pages());
                follow(feed.pages());
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

    private void begin(Pages pages) throws InterruptedException {
        switch (start) {
            case Start.After after -> {
                cursor = after.lineNo();
                writer.keepAlive(cursor);
                catchUp(pages);
            }
            case Start.Tail tail -> {
                StoredPage page = ask(() -> pages.tail(tail.lines()), false);
                write(page);
                cursor = Math.max(cursor, page.through());
                writer.keepAlive(cursor);
            }
            case Start.Now() -> {
                cursor = ask(pages::lastNumber, false);
                writer.keepAlive(cursor);
            }
        }
        started = true;
    }

    private void follow(Pages pages) throws InterruptedException {
        while (true) {
            switch (inbox.take()) {
                case Inbox.Event.Batch(LiveBatch batch) -> live(batch, pages);
                case Inbox.Event.Signal.MISSED -> catchUp(pages);
                case Inbox.Event.Signal.TICK -> writer.keepAlive(cursor);
                case Inbox.Event.Signal.CLOSED -> throw new ClientGoneException();
                case Inbox.Event.Signal.NOTHING -> {}
            }
        }
    }

    private void live(LiveBatch batch, Pages pages) throws InterruptedException {
        if (batch.lastLine() <= cursor) {
            return;
        }
        Lines lines = batch.firstLine() > cursor + 1 ? null : rendered(batch);
        if (lines == null) {
            catchUp(pages);
        } else {
            writer.write(lines, lines.indexAfter(cursor));
            cursor = batch.lastLine();
        }
    }

    private @Nullable Lines rendered(LiveBatch batch) {
        Block block = batch.block();
        if (block == null) {
            return null;
        }
        try {
            Lines lines = block.as(writer.rendering());
            boolean whole = lines.count() == batch.count() && lines.number(0) == batch.firstLine();
            return whole ? lines : null;
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("workload", workload.value())
                    .addKeyValue("reason", e.toString())
                    .log("A batch cannot be read; the store is asked for it.");
            return null;
        }
    }

    private void catchUp(Pages pages) throws InterruptedException {
        metrics.caughtUp();
        while (true) {
            heed(inbox.pause(Duration.ZERO), true);
            StoredPage page = ask(() -> pages.after(cursor, StreamLimits.CATCH_UP_LINES), true);
            long reached = Math.max(page.through(), write(page));
            if (reached <= cursor) {
                return;
            }
            cursor = reached;
        }
    }

    /** Writes what is above the cursor; returns the last number written, or the cursor. */
    private long write(StoredPage page) throws InterruptedException {
        if (page.isEmpty()) {
            return cursor;
        }
        Lines lines = page.block().as(writer.rendering());
        int from = lines.indexAfter(cursor);
        if (from < lines.count()) {
            writer.write(lines, from);
            return lines.number(lines.count() - 1);
        }
        return cursor;
    }

    /** Asks the store until it answers. */
    private <T> T ask(Supplier<T> question, boolean cursorKnown) throws InterruptedException {
        Duration pause = StreamLimits.BACKOFF_MIN;
        while (true) {
            try {
                return question.get();
            } catch (RuntimeException e) {
                LOGGER.atDebug()
                        .addKeyValue("workload", workload.value())
                        .addKeyValue("reason", e.toString())
                        .log("The store is away; a reader waits.");
                metrics.storeAway();
            }
            heed(inbox.pause(pause), cursorKnown);
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(StreamLimits.BACKOFF_MAX) < 0 ? twice : StreamLimits.BACKOFF_MAX;
        }
    }

    private void heed(Inbox.Event.Signal signal, boolean cursorKnown) throws InterruptedException {
        if (signal == Inbox.Event.Signal.CLOSED) {
            throw new ClientGoneException();
        }
        if (signal == Inbox.Event.Signal.TICK) {
            writer.keepAlive(cursorKnown ? cursor : -1);
        }
    }
}
