package io.spyhop.gateway.events;

import io.spyhop.gateway.stream.ClientGoneException;
import io.spyhop.gateway.stream.OpenStream;
import io.spyhop.messaging.TopicAwayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that follows events, with a position in the topic: what is below it is dropped, what follows it is written,
 * and what is above is fetched from the topic together with the hole before it. So a client that comes back, one that was
 * slow, and one whose tail broke are served the same way. Its run is on one virtual thread; the other methods are
 * thread-safe and never block.
 */
final class EventReader implements Runnable, OpenStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventReader.class);

    private final EventFeed feed;
    private final EventFilter filter;
    private final EventWriter writer;
    private final EventInbox inbox = new EventInbox(EventLimits.QUEUE_MAX);

    /** Where the client begins; null for the present. */
    private final @Nullable List<Long> start;

    /** The position: for each partition the offset of the next record. */
    private final List<Long> next = new ArrayList<>();

    private Duration pause = EventLimits.BACKOFF_MIN;

    EventReader(EventFeed feed, EventFilter filter, EventWriter writer, @Nullable List<Long> start) {
        this.feed = feed;
        this.filter = filter;
        this.writer = writer;
        this.start = start;
    }

    void offer(Event event) {
        inbox.offer(event);
    }

    void missed() {
        inbox.missed();
    }

    void tick() {
        inbox.tick();
    }

    @Override
    public void close() {
        inbox.close();
        writer.stop();
    }

    @Override
    public void run() {
        try {
            feed.join(this);
            try {
                if (begin()) {
                    follow();
                }
            } finally {
                feed.leave(this);
            }
        } catch (ClientGoneException e) {
            LOGGER.atTrace().log("A reader of events has gone.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("A reader of events failed.");
        } finally {
            writer.end();
        }
    }

    /** Finds the position to begin at; false when the client has gone before. */
    private boolean begin() throws InterruptedException {
        while (!inbox.closed()) {
            try {
                if (feed.awaitLive()) {
                    if (start == null) {
                        next.addAll(feed.now());
                    } else {
                        next.addAll(resolved(start));
                        inbox.missed();
                    }
                    // The client can resume from here, though nothing has happened yet.
                    writer.keepAlive(EventCursor.write(next));
                    return true;
                }
                rest();
            } catch (TopicAwayException e) {
                rest();
            }
            writer.keepAlive(null);
        }
        return false;
    }

    /** A position without what it does not know. */
    private List<Long> resolved(List<Long> position) throws InterruptedException {
        if (!position.contains(EventCursor.PRESENT)) {
            return position;
        }
        List<Long> now = feed.now();
        return IntStream.range(0, position.size())
                .mapToObj(p -> position.get(p) == EventCursor.PRESENT ? now.get(p) : position.get(p))
                .toList();
    }

    private void follow() throws InterruptedException {
        while (true) {
            EventInbox.Taken taken = inbox.take();
            if (taken.closed()) {
                return;
            }
            if (taken.missed()) {
                catchUp();
            }
            if (taken.event() != null) {
                live(taken.event());
            }
            if (taken.tick()) {
                writer.keepAlive(EventCursor.write(next));
            }
        }
    }

    private void live(Event event) throws InterruptedException {
        long wanted = next.get(event.partition());
        if (event.offset() > wanted) {
            // There is a hole before it.
            catchUp();
        } else if (event.offset() == wanted) {
            write(event);
        }
    }

    /** Reads from the topic to its end; while no broker answers it tries again. */
    private void catchUp() throws InterruptedException {
        boolean complete = false;
        while (!complete && !inbox.closed()) {
            try {
                EventSource.Past past = feed.read(List.copyOf(next));
                if (past.passedOver()) {
                    writer.gap();
                }
                for (Event event : past.events()) {
                    if (inbox.closed()) {
                        return;
                    }
                    write(event);
                }
                next.clear();
                next.addAll(past.next());
                complete = past.complete();
                pause = EventLimits.BACKOFF_MIN;
            } catch (TopicAwayException e) {
                rest();
                writer.keepAlive(EventCursor.write(next));
            }
        }
    }

    private void write(Event event) throws InterruptedException {
        next.set(event.partition(), event.offset() + 1);
        Event.Subject subject = event.subject();
        if (subject != null && filter.passes(subject)) {
            writer.write(subject.type(), EventCursor.write(next), event.data());
        }
    }

    private void rest() throws InterruptedException {
        inbox.rest(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(EventLimits.BACKOFF_MAX) > 0 ? EventLimits.BACKOFF_MAX : longer;
    }
}
