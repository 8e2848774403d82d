package io.spyhop.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscription to a {@link FakeEngine}'s events. What the engine calls, it calls with its lock held. */
final class FakeEvents implements EventStream {
    private final ReentrantLock lock;
    private final Condition changed;
    private final Consumer<FakeEvents> onClose;
    private final Deque<ContainerEvent> queued = new ArrayDeque<>();
    private @Nullable String failure;
    private boolean woken;

    /**
     * Nothing came yet.
     *
     * @param lock the engine's
     * @param changed signalled when something came
     * @param onClose called with the lock held
     */
    FakeEvents(ReentrantLock lock, Condition changed, Consumer<FakeEvents> onClose) {
        this.lock = lock;
        this.changed = changed;
        this.onClose = onClose;
    }

    int size() {
        return queued.size();
    }

    void add(ContainerEvent event) {
        queued.add(event);
    }

    void fail(String reason) {
        failure = reason;
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
                    throw new EngineException("the subscription to events broke: " + failure, null);
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
        change(() -> woken = true);
    }

    @Override
    public void close() {
        change(() -> {
            queued.clear();
            failure = "closed";
            onClose.accept(this);
        });
    }

    private void change(Runnable step) {
        lock.lock();
        try {
            step.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
