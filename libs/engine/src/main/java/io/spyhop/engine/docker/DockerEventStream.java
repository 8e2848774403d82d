package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.transport.DockerHttpClient;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EventStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open events request, read on a virtual thread into a bounded queue. What was queued before a failure is still
 * handed out, then the failure. Thread-safe.
 */
final class DockerEventStream implements EventStream {
    /** Some hundred containers starting or stopping at once, while a database is slow. */
    static final int QUEUED_MAX = 8192;

    private final DockerHttpClient.Response response;
    private final Consumer<EventStream> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<ContainerEvent> queued = new ArrayDeque<>();
    private @Nullable EngineException failure;
    private boolean woken;

    DockerEventStream(DockerHttpClient.Response response, Consumer<EventStream> onClose) {
        this.response = response;
        this.onClose = onClose;
    }

    void start() {
        Thread.ofVirtual().name("engine-events").start(this::readAll);
    }

    @Override
    public @Nullable ContainerEvent next(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                ContainerEvent event = queued.poll();
                if (event != null) {
                    return event;
                }
                if (failure != null) {
                    throw new EngineException(String.valueOf(failure.getMessage()), failure);
                }
                if (left <= 0 || woken) {
                    woken = false;
                    return null;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            queued.clear();
            failure = new EngineException("the subscription to events was closed", null);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        response.close();
        onClose.accept(this);
    }

    private void readAll() {
        try {
            // Never closed itself: closing an answer without end would read it to its end.
            MappingIterator<JsonNode> events = DockerJson.readAll(response.getBody());
            boolean wanted = true;
            while (wanted && events.hasNextValue()) {
                ContainerEvent event = DockerJson.event(events.nextValue());
                wanted = event == null || !ContainerEngine.EVENT_ACTIONS.contains(event.action()) || queue(event);
            }
            fail("the engine ended the subscription to events", null);
        } catch (IOException | RuntimeException e) {
            fail("the subscription to events broke: " + e.getMessage(), e);
        } finally {
            response.close();
            onClose.accept(this);
        }
    }

    /** False where nobody takes events any more. */
    private boolean queue(ContainerEvent event) {
        lock.lock();
        try {
            if (failure != null) {
                return false;
            }
            if (queued.size() == QUEUED_MAX) {
                failure = new EngineException("events were lost: " + QUEUED_MAX + " are waiting to be taken", null);
            } else {
                queued.add(event);
            }
            changed.signalAll();
            return failure == null;
        } finally {
            lock.unlock();
        }
    }

    private void fail(String message, @Nullable Throwable cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = new EngineException(message, cause);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
