package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in order per container, and tasks of different containers side by side, on virtual threads. A lane exists
 * while it has tasks. Each task begins a trace, which goes with what it publishes. Closing drops what waits, and interrupts what runs on after a moment: an interrupt would cost a
 * database connection. Thread-safe.
 */
final class ContainerLanes implements AutoCloseable {
    private static final long CLOSE_SECONDS_MAX = 2;

    private final ExecutorService threads;
    private final Map<String, Queue<Step>> lanes = new HashMap<>();

    ContainerLanes(String name) {
        threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
    }

    /** What a lane does. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** Runs the task after all that was submitted for the container before; the future tells how it ended. */
    CompletableFuture<Void> submit(String container, Task task) {
        Step step = new Step(task, new CompletableFuture<>());
        enqueue(container, step);
        return step.done();
    }

    /** The same for a task whose failure is taken care of where it happens. */
    void run(String container, Task task) {
        enqueue(container, new Step(task, new CompletableFuture<>()));
    }

    private void enqueue(String container, Step step) {
        boolean idle;
        synchronized (lanes) {
            Queue<Step> waiting = lanes.get(container);
            idle = waiting == null;
            if (waiting == null) {
                waiting = new ArrayDeque<>();
                lanes.put(container, waiting);
            }
            waiting.add(step);
        }
        try {
            if (idle) {
                threads.execute(() -> drain(container));
            }
        } catch (RejectedExecutionException e) {
            step.done().cancel(false);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        synchronized (lanes) {
            lanes.values()
                    .forEach(waiting ->
                            waiting.stream().skip(1).forEach(step -> step.done().cancel(false)));
        }
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void drain(String container) {
        Step step = head(container);
        while (step != null) {
            step.run();
            step = next(container);
        }
    }

    private @Nullable Step head(String container) {
        synchronized (lanes) {
            Queue<Step> waiting = lanes.get(container);
            return waiting == null ? null : waiting.peek();
        }
    }

    /** Takes the finished step off; the lane ends with its last one. */
    private @Nullable Step next(String container) {
        synchronized (lanes) {
            Queue<Step> waiting = lanes.get(container);
            if (waiting == null) {
                return null;
            }
            waiting.remove();
            if (waiting.isEmpty() || threads.isShutdown()) {
                lanes.remove(container);
                return null;
            }
            return waiting.peek();
        }
    }

    private record Step(Task task, CompletableFuture<Void> done) {
        void run() {
            try {
                CurrentTrace.run(TraceContext.begin(), task::run);
                done.complete(null);
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        }
    }
}
