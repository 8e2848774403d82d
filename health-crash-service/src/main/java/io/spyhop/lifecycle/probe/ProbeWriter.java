package io.spyhop.lifecycle.probe;

import io.spyhop.lifecycle.probe.ProbeStore.Entry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores probes in batches, on a thread of its own. While the database is away they wait, up to a bound; what comes beyond it
 * is dropped, and counted. Stopping stores what waits, once. Thread-safe.
 */
@ApplicationScoped
class ProbeWriter {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProbeWriter.class);

    private final ProbeStore store;
    private final ProbeMetrics metrics;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(ProbeLimits.UNSTORED_MAX);
    private final Thread thread = Thread.ofVirtual().name("health-writer").unstarted(this::run);
    private volatile boolean stopped;
    private boolean away;

    @Inject
    ProbeWriter(ProbeStore store, ProbeMetrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    private record Waiting(Entry entry, CompletableFuture<Void> stored) {}

    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }

    /** Stores a probe, and what it changed; completes when that is done, exceptionally when it never will be. */
    CompletableFuture<Void> add(StoredProbe probe, @Nullable HealthChange change) {
        return add(new Entry(probe.instance(), probe, change));
    }

    /** Stores what the engine changed. */
    CompletableFuture<Void> add(int instance, HealthChange change) {
        return add(new Entry(instance, null, change));
    }

    private CompletableFuture<Void> add(Entry entry) {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        if (!queue.offer(new Waiting(entry, stored))) {
            metrics.dropped();
            stored.completeExceptionally(new IllegalStateException("too many probes wait for the database"));
        }
        return stored;
    }

    private void run() {
        List<Waiting> batch = new ArrayList<>();
        try {
            while (!stopped) {
                collect(batch);
                while (!stored(batch)) {
                    Thread.sleep(ProbeLimits.RETRY);
                }
                batch.clear();
            }
        } catch (InterruptedException e) {
            // Only stop() interrupts: what waits is stored below.
        }
        queue.drainTo(batch);
        stored(batch);
    }

    /** What comes within the time of a batch; one that tells of a change is not kept waiting. */
    private void collect(List<Waiting> batch) throws InterruptedException {
        batch.add(queue.take());
        long until = System.nanoTime() + ProbeLimits.BATCH_TIME.toNanos();
        while (batch.size() < ProbeLimits.BATCH_MAX && batch.getLast().entry().change() == null) {
            Waiting next = queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return;
            }
            batch.add(next);
        }
    }

    private boolean stored(List<Waiting> batch) {
        if (batch.isEmpty()) {
            return true;
        }
        try {
            store.store(batch.stream().map(Waiting::entry).toList());
            batch.forEach(each -> each.stored().complete(null));
            if (away) {
                LOGGER.atInfo().log("Probes are stored again.");
            }
            away = false;
            return true;
        } catch (SQLException e) {
            if (!away) {
                LOGGER.atWarn().addKeyValue("error", e.toString()).log("Probes cannot be stored, trying again.");
            }
            away = true;
            return false;
        }
    }
}
