package io.spyhop.gateway.events;

import io.spyhop.gateway.stream.News;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one reader, up to a limit. When it is full it is emptied, for the topic has it all, and the reader is
 * told that something is missing. Thread-safe; one thread takes.
 */
final class EventInbox {
    /**
     * What there is to do next.
     *
     * @param event null where there is none
     * @param missed whether the topic has events that are not in here
     */
    record Taken(@Nullable Event event, boolean missed, boolean tick, boolean closed) {}

    private final News news = new News();
    private final Deque<Event> events = new ArrayDeque<>();
    private final int most;
    private boolean missed;
    private boolean tick;
    private boolean closed;

    EventInbox(int most) {
        this.most = most;
    }

    void offer(Event event) {
        news.tell(() -> {
            if (closed) {
                return;
            }
            if (events.size() >= most) {
                events.clear();
                missed = true;
            } else {
                events.add(event);
            }
        });
    }

    /** The topic has what is not in here. */
    void missed() {
        news.tell(() -> missed = true);
    }

    void tick() {
        news.tell(() -> tick = true);
    }

    void close() {
        news.tell(() -> {
            closed = true;
            events.clear();
        });
    }

    boolean closed() {
        return news.look(() -> closed);
    }

    /** Waits for what is next. */
    Taken take() throws InterruptedException {
        return news.take(() -> !events.isEmpty() || missed || tick || closed, () -> {
            // What is missing is read first; it has what waits here too.
            Taken taken = new Taken(missed ? null : events.poll(), missed, tick, closed);
            missed = false;
            tick = false;
            return taken;
        });
    }

    /** Waits for a while, unless it is closed or a tick is due. */
    void rest(Duration pause) throws InterruptedException {
        // Who rests gives a sign of life afterwards anyway.
        news.take(pause.toNanos(), () -> tick || closed, () -> tick = false);
    }
}
