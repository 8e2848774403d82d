package io.spyhop.logs.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.number.SealedBatch;
import io.spyhop.logs.number.UnstoredBytes;
import io.spyhop.logs.number.WorkloadLog;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what workloads have numbered, many workloads in one transaction, on one thread: while a commit runs the next
 * lines gather, so that the batch size finds itself. Afterwards it publishes the same bytes.
 *
 * <p>When a transaction fails or its outcome is unknown, every workload in it fails and is taken over anew; when a
 * workload's epoch has moved on, that workload alone fails.
 */
@ApplicationScoped
public class StoreLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoreLoop.class);
    private static final int COMPRESSION_LEVEL = 1;
    private static final long STOP_MILLIS = 5_000;

    private final ChunkStore store;
    private final BatchPublisher publisher;
    private final DiskGuard disk;
    private final LogMetrics metrics;
    private @Nullable Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<WorkloadLog> dirty = new LinkedHashSet<>();
    private boolean stopping;
    private final UnstoredBytes unstored = new UnstoredBytes();

    @Inject
    public StoreLoop(ChunkStore store, BatchPublisher publisher, DiskGuard disk, LogMetrics metrics) {
        this.store = store;
        this.publisher = publisher;
        this.disk = disk;
        this.metrics = metrics;
    }

    @PostConstruct
    public void start() {
        thread = Thread.ofPlatform().name("log-store").start(this::run);
    }

    /** Stores what is there, then ends. */
    public void stop() throws InterruptedException {
        lock.lock();
        try {
            stopping = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (thread != null) {
            thread.join(STOP_MILLIS);
        }
    }

    /** What waits here for all workloads. */
    public UnstoredBytes unstored() {
        return unstored;
    }

    /** Tells that a workload has something to store. Never blocks for long. */
    public void dirty(WorkloadLog log) {
        lock.lock();
        try {
            if (dirty.add(log)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(COMPRESSION_LEVEL);
            List<WorkloadLog> logs = awaitDirty();
            while (!logs.isEmpty()) {
                storeOnce(logs, zstd);
                logs = awaitDirty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is dirty, after giving it a moment of company; empty at the end. */
    private List<WorkloadLog> awaitDirty() throws InterruptedException {
        lock.lock();
        try {
            while (dirty.isEmpty() && !stopping) {
                changed.await();
            }
            long nanosLeft = LogLimits.BATCH_LINGER.toNanos();
            while (nanosLeft > 0 && !stopping) {
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
            List<WorkloadLog> logs = List.copyOf(dirty);
            dirty.clear();
            return logs;
        } finally {
            lock.unlock();
        }
    }

    private void storeOnce(List<WorkloadLog> logs, ZstdCompressCtx zstd) {
        if (disk.low()) {
            // The engine keeps what is dropped here; the captures wait before they take over anew.
            logs.forEach(WorkloadLog::fail);
            return;
        }
        Map<WorkloadLog, List<SealedBatch>> taken = new LinkedHashMap<>();
        int budget = LogLimits.TRANSACTION_RAW_BYTES;
        for (WorkloadLog log : logs) {
            if (budget <= 0) {
                dirty(log);
                continue;
            }
            List<SealedBatch> batches = log.take(budget);
            if (!batches.isEmpty()) {
                taken.put(log, batches);
                budget -= batches.stream().mapToInt(SealedBatch::length).sum();
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        List<StoredBatch> compressed = new ArrayList<>();
        taken.values().forEach(batches -> batches.forEach(batch -> compressed.add(compress(batch, zstd))));
        try {
            Set<WorkloadId> stored = store.store(compressed);
            compressed.stream()
                    .filter(batch -> stored.contains(batch.sealed().workload()))
                    .forEach(batch -> {
                        publisher.publish(batch.published());
                        metrics.stored(batch.sealed(), batch.payload().length);
                    });
            taken.forEach((log, batches) -> {
                if (stored.contains(log.workload())) {
                    log.stored(batches);
                } else {
                    LOGGER.atWarn()
                            .addKeyValue("workload", log.workload())
                            .log("Lines of a workload are numbered elsewhere now.");
                    metrics.fenced();
                    log.fail();
                }
            });
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("count", taken.size())
                    .addKeyValue("error", e.getMessage())
                    .log("Storing failed; the workloads are taken over anew.");
            metrics.storeFailed();
            taken.keySet().forEach(WorkloadLog::fail);
        }
    }

    private static StoredBatch compress(SealedBatch batch, ZstdCompressCtx zstd) {
        byte[] bound = new byte[Math.toIntExact(Zstd.compressBound(batch.length()))];
        int length = zstd.compressByteArray(bound, 0, bound.length, batch.ndjson(), 0, batch.length());
        return new StoredBatch(batch, Arrays.copyOf(bound, length));
    }
}
