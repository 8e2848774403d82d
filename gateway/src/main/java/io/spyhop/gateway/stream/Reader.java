package io.spyhop.gateway.stream;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LinesQuery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that follows one workload and loses nothing of what it wants. It runs on a virtual thread of its own; all it
 * knows is a cursor, the number up to which everything was written or passed over.
 *
 * <p>Phases: it subscribes; it finds its start in the store; then it takes the batches of its feed. One that overlaps
 * what was written is cut, and one that leaves a hole, like a note that something was missed, sends it to the store, which it
 * reads to its end. While the store is away it tries again, ever more slowly,
 * and keeps its connection alive. When the client goes it ends at once.
 */
final class Reader implements Subscriber {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reader.class);

    private final LineFeeds feeds;
    private final WorkloadId workload;
    private final Start start;
    private final View view;
    private final LineWriter writer;
    private final StreamMetrics metrics;
    private final Inbox inbox = new Inbox();
    private volatile long cursor;
    private volatile boolean started;

    Reader(LineFeeds feeds, WorkloadId workload, Start start, View view, LineWriter writer, StreamMetrics metrics) {
        this.feeds = feeds;
        this.workload = workload;
        this.start = start;
        this.view = view;
        this.writer = writer;
        this.metrics = metrics;
    }

    @Override
    public void offer(LiveBatch batch) {
        inbox.arrived();
    }

    @Override
    public void tick() {
        inbox.tick();
    }

    @Override
    public void stored(long lastLine) {
        // Before the start is found the cursor means nothing.
        if (started && lastLine > cursor) {
            inbox.missed();
        }
    }

    @Override
    public void missed() {
        inbox.missed();
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
                begin(feed);
                follow(feed);
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

    private void begin(Feed feed) throws InterruptedException {
        Pages pages = feed.pages();
        switch (start) {
            case Start.After after -> {
                cursor = after.lineNo();
                writer.keepAlive(cursor);
                catchUp(feed);
            }
            case Start.Since since -> {
                cursor = before(since.nanos(), pages);
                writer.keepAlive(cursor);
                catchUp(feed);
            }
            case Start.Tail tail -> {
                if (view.isFiltered()) {
                    filteredTail(tail.lines(), pages);
                } else {
                    tail(tail.lines(), pages);
                }
                writer.keepAlive(cursor);
            }
            case Start.Now() -> {
                cursor = ask(pages::lastNumber, false);
                writer.keepAlive(cursor);
            }
        }
        started = true;
    }

    private void follow(Feed feed) throws InterruptedException {
        long sought = 0;
        while (true) {
            LiveBatch next = feed.above(cursor);
            boolean forgotten = next == null && feed.newest() > Math.max(cursor, sought);
            switch (next == null && !forgotten ? inbox.take() : inbox.look()) {
                case CLOSED -> throw new ClientGoneException();
                case TICK -> writer.keepAlive(cursor);
                case MISSED -> catchUp(feed);
                case ARRIVED, NOTHING -> {
                    if (forgotten) {
                        // Once for each number: the store may have removed it.
                        sought = feed.newest();
                        catchUp(feed);
                    } else if (next != null && !write(next)) {
                        long before = cursor;
                        catchUp(feed);
                        if (cursor == before) {
                            // The store has not what it has announced: it is asked again, but not all the time.
                            heed(inbox.pause(StreamLimits.BACKOFF_MIN), true);
                        }
                    }
                }
            }
        }
    }

    /** Writes what a batch has above the cursor; false where it does not go on from there, or cannot be read. */
    private boolean write(LiveBatch batch) throws InterruptedException {
        Lines lines = batch.firstLine() > cursor + 1 ? null : rendered(batch);
        if (lines == null) {
            return false;
        }
        int from = lines.indexAfter(cursor);
        if (from < lines.count()) {
            writer.write(lines, from, lines.count());
        }
        cursor = batch.lastLine();
        return true;
    }

    private @Nullable Lines rendered(LiveBatch batch) {
        Block block = batch.block();
        if (block == null) {
            return null;
        }
        try {
            Lines lines = view.wanted(block, writer.rendering());
            boolean whole =
                    view.isFiltered() || (lines.count() == batch.count() && lines.number(0) == batch.firstLine());
            return whole ? lines : null;
        } catch (RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("workload", workload.value())
                    .addKeyValue("reason", e.toString())
                    .log("A batch cannot be read; the store is asked for it.");
            return null;
        }
    }

    /** Goes on to the end of the store, through what the feed has at hand where it has something. */
    private void catchUp(Feed feed) throws InterruptedException {
        metrics.caughtUp();
        long before;
        do {
            heed(inbox.pause(Duration.ZERO), true);
            before = cursor;
            LiveBatch next = feed.above(cursor);
            if (next == null || !write(next)) {
                writeStored(feed);
            }
        } while (cursor > before);
    }

    private void writeStored(Feed feed) throws InterruptedException {
        StoredPage page = ask(() -> above(cursor, feed), true);
        write(page);
        if (page.through() > cursor) {
            gap(cursor + 1, page.through());
            cursor = page.through();
        }
    }

    private StoredPage above(long number, Feed feed) {
        return view.isFiltered()
                ? feed.pages().query(LinesQuery.after(number, StreamLimits.CATCH_UP_LINES, view.filter()))
                : feeds.page(feed, number);
    }

    private void tail(int lines, Pages pages) throws InterruptedException {
        StoredPage page = ask(() -> pages.tail(lines), false);
        if (!page.isEmpty()) {
            // What is before the first line was not asked for.
            cursor = view.chosen(page.block(), writer.rendering()).number(0) - 1;
            write(page);
        }
        cursor = Math.max(cursor, page.through());
    }

    /** The newest lines of those that are wanted: the store looks back for them, as far as it must. */
    private void filteredTail(int lines, Pages pages) throws InterruptedException {
        long last = ask(pages::lastNumber, false);
        Deque<StoredPage> found = new ArrayDeque<>();
        long before = last + 1;
        int left = lines;
        int bytes = 0;
        while (left > 0 && before > 1 && bytes < StreamLimits.TAIL_BYTES_MAX) {
            LinesQuery query = new LinesQuery(0, before, true, left, 0, view.filter());
            StoredPage page = ask(() -> pages.query(query), false);
            found.addFirst(page);
            left -= page.block().count();
            bytes += page.block().ndjson().length;
            if (!page.more() || page.through() >= before) {
                break;
            }
            before = page.through();
            heed(inbox.pause(Duration.ZERO), false);
        }
        while (!found.isEmpty()) {
            write(found.removeFirst());
        }
        cursor = Math.max(cursor, last);
    }

    /** The number before the first line of a time; the last one where there is none yet. */
    private long before(long nanos, Pages pages) throws InterruptedException {
        LineFilter since = LineFilter.ALL.between(nanos, null);
        long after = 0;
        while (true) {
            LinesQuery query = LinesQuery.after(after, 1, since);
            StoredPage page = ask(() -> pages.query(query), false);
            if (!page.isEmpty()) {
                return page.block().as(Rendering.NDJSON).number(0) - 1;
            }
            if (!page.more() || page.through() <= after) {
                return Math.max(after, page.through());
            }
            after = page.through();
            heed(inbox.pause(Duration.ZERO), false);
        }
    }

    /** Writes what is above the cursor and moves it to the last line; whoever wants all is told what is missing. */
    private void write(StoredPage page) throws InterruptedException {
        if (page.isEmpty()) {
            return;
        }
        Lines lines = view.chosen(page.block(), writer.rendering());
        int end = lines.count();
        int from = lines.indexAfter(cursor);
        if (from == end) {
            return;
        }
        boolean whole = lines.number(end - 1) - cursor == end - from;
        if (!whole && !view.isFiltered()) {
            for (int at = from; at < end; at++) {
                if (lines.number(at) > cursor + 1) {
                    if (at > from) {
                        writer.write(lines, from, at);
                    }
                    gap(cursor + 1, lines.number(at) - 1);
                    from = at;
                }
                cursor = lines.number(at);
            }
        }
        writer.write(lines, from, end);
        cursor = lines.number(end - 1);
    }

    private void gap(long first, long last) throws InterruptedException {
        if (!view.isFiltered()) {
            writer.gap(first, last);
        }
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

    private void heed(Inbox.Signal signal, boolean cursorKnown) throws InterruptedException {
        if (signal == Inbox.Signal.CLOSED) {
            throw new ClientGoneException();
        }
        if (signal == Inbox.Signal.TICK) {
            writer.keepAlive(cursorKnown ? cursor : -1);
        }
    }
}
