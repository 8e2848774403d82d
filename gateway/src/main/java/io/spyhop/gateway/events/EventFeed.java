package io.spyhop.gateway.events;

import io.spyhop.messaging.TopicAwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all readers of events share: the live end of the topic, which is read only while somebody listens, and how far it
 * has told. Thread-safe. A tail that broke may have left records out; readers see that by offsets, and a look at the end
 * of the topic on each tick finds it where nothing follows.
 */
final class EventFeed implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventFeed.class);

    /** How long a reader waits for the live end at once, before it gives a sign of life. */
    private static final long READY_SECONDS = 2;

    private final EventSource source;
    private final Set<EventReader> readers = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private CompletableFuture<Void> live = CompletableFuture.completedFuture(null);

    /** The position after what the tail has told; null while nobody needed it. */
    private @Nullable List<Long> told;

    private boolean away;

    /** A feed from a source that is opened with the place where its events go. */
    EventFeed(Function<Consumer<Event>, ? extends EventSource> source) {
        this.source = source.apply(this::arrived);
    }

    /** Begins to tell a reader. */
    void join(EventReader reader) {
        lock.lock();
        try {
            if (readers.isEmpty()) {
                live = source.watch();
            }
            readers.add(reader);
        } finally {
            lock.unlock();
        }
    }

    void leave(EventReader reader) {
        lock.lock();
        try {
            if (readers.remove(reader) && readers.isEmpty()) {
                source.unwatch();
                told = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits a moment until everything that is written will be told; false while no broker answers. */
    boolean awaitLive() throws InterruptedException {
        CompletableFuture<Void> ready;
        lock.lock();
        try {
            ready = live;
        } finally {
            lock.unlock();
        }
        try {
            ready.get(READY_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | CancellationException e) {
            // The source has been closed, and its readers too.
            return false;
        }
    }

    /**
     * The position of the present: whatever follows it was told, or will be, to who has joined and waited for the live end.
     *
     * @throws TopicAwayException when no broker answers
     */
    List<Long> now() throws InterruptedException {
        List<Long> known = known();
        if (known != null) {
            return known;
        }
        List<Long> end = source.end();
        lock.lock();
        try {
            List<Long> latest = told == null ? end : told;
            told = latest;
            return latest;
        } finally {
            lock.unlock();
        }
    }

    /** Some events from a position on. */
    EventSource.Past read(List<Long> from) throws InterruptedException {
        return source.read(from);
    }

    /** Whether anybody listens. */
    boolean isFollowed() {
        return !readers.isEmpty();
    }

    /** Gives every reader a sign of life, and looks whether the tail has told everything. */
    void tick() {
        readers.forEach(EventReader::tick);
        List<Long> known = known();
        if (known == null) {
            return;
        }
        try {
            List<Long> end = source.end();
            for (int p = 0; p < end.size(); p++) {
                if (end.get(p) > known.get(p)) {
                    missed(end);
                    break;
                }
            }
            away = false;
        } catch (TopicAwayException e) {
            if (!away) {
                LOGGER.atWarn().addKeyValue("reason", e.toString()).log("The topic of events is away.");
            }
            away = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends every reader. */
    void endAll() {
        readers.forEach(EventReader::close);
    }

    @Override
    public void close() {
        endAll();
        source.close();
    }

    private void arrived(Event event) {
        lock.lock();
        try {
            if (told != null && event.offset() >= told.get(event.partition())) {
                List<Long> next = new ArrayList<>(told);
                next.set(event.partition(), event.offset() + 1);
                told = List.copyOf(next);
            }
            // Under the lock, so that a position is never ahead of what readers were told.
            readers.forEach(reader -> reader.offer(event));
        } finally {
            lock.unlock();
        }
    }

    /** Readers go to the topic for what the tail may have left out; what it tells late they know by its offset. */
    private void missed(List<Long> end) {
        lock.lock();
        try {
            List<Long> known = told;
            if (known == null) {
                return;
            }
            List<Long> next = new ArrayList<>(known);
            for (int p = 0; p < next.size(); p++) {
                next.set(p, Math.max(next.get(p), end.get(p)));
            }
            readers.forEach(EventReader::missed);
            told = List.copyOf(next);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable List<Long> known() {
        lock.lock();
        try {
            return told;
        } finally {
            lock.unlock();
        }
    }
}
