package io.spyhop.logs.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.quarkus.runtime.Quarkus;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.number.EpochNanos;
import io.spyhop.logs.number.SealedBatch;
import io.spyhop.logs.number.UnstoredBytes;
import io.spyhop.logs.number.WorkloadLog;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
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
 * Stores what workloads have numbered, many workloads in one transaction. One thread takes and compresses batches, another
 * one commits what is compressed: while a commit runs the next lines gather, so that the batch size finds itself, and
 * compressing costs no time beside it. Afterwards the same bytes are published. Batches of a workload are stored in the
 * order in which they were sealed.
 *
 * <p>When a transaction fails or its outcome is unknown, every workload in it fails and is taken over anew; when a
 * workload's epoch has moved on, that workload alone fails. What of a failed workload is compressed already is dropped:
 * the numbers before it may not be stored.
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
    private @Nullable Thread compressor;
    private @Nullable Thread committer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition compressed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Set<WorkloadLog> dirty = new LinkedHashSet<>();
    private final Deque<Ready> ready = new ArrayDeque<>();
    private long readyBytes;
    private long committingBytes;
    private boolean stopping;
    private boolean allCompressed;

    /** Whether all that was taken last is history, and when that was. */
    private volatile boolean late;

    private volatile long takenAt;

    /** How much is taken, as the compressor tells it. */
    private final Pace pace = new Pace(LogLimits.BUSY_BYTES_PER_SECOND);

    private final UnstoredBytes unstored = new UnstoredBytes();

    /** A batch that waits for the next transaction. */
    private record Ready(WorkloadLog log, StoredBatch batch) {}

    @Inject
    public StoreLoop(ChunkStore store, BatchPublisher publisher, DiskGuard disk, LogMetrics metrics) {
        this.store = store;
        this.publisher = publisher;
        this.disk = disk;
        this.metrics = metrics;
    }

    @PostConstruct
    public void start() {
        compressor = Thread.ofPlatform().name("log-compress").start(this::compressAll);
        committer = Thread.ofPlatform().name("log-store").start(this::commitAll);
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
        if (compressor != null && committer != null) {
            compressor.join(STOP_MILLIS);
            committer.join(STOP_MILLIS);
        }
    }

    /** What waits here for all workloads. */
    public UnstoredBytes unstored() {
        return unstored;
    }

    /** Tells that a workload has something, or more, to store. Never blocks for long. */
    public void dirty(WorkloadLog log) {
        lock.lock();
        try {
            if (dirty.add(log) || late) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether storing wants the processors: nothing but history is being picked up, or much comes. */
    public boolean hurries() {
        long now = System.nanoTime();
        return pace.isBusy(now) || isLate(now);
    }

    private boolean isLate(long now) {
        return late && now - takenAt < LogLimits.LATE.toNanos();
    }

    private void compressAll() {
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(COMPRESSION_LEVEL);
            List<WorkloadLog> logs = awaitDirty();
            while (!logs.isEmpty()) {
                compress(logs, zstd);
                logs = awaitDirty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            giveUp(e);
        } finally {
            lock.lock();
            try {
                allCompressed = true;
                compressed.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /** What is dirty, after giving it a moment of company; empty at the end. */
    private List<WorkloadLog> awaitDirty() throws InterruptedException {
        lock.lock();
        try {
            while (dirty.isEmpty() && !stopping) {
                changed.await();
            }
            long nanosLeft = linger().toNanos();
            while (nanosLeft > 0 && !stopping && !(late && isMuchWaiting())) {
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
            while (readyBytes >= LogLimits.TRANSACTION_RAW_BYTES) {
                room.await();
            }
            List<WorkloadLog> logs = List.copyOf(dirty);
            dirty.clear();
            return logs;
        } finally {
            lock.unlock();
        }
    }

    private boolean isMuchWaiting() {
        return unstored.total() - readyBytes - committingBytes >= LogLimits.LINGER_BYTES_LATE;
    }

    private Duration linger() {
        long now = System.nanoTime();
        return isLate(now)
                ? LogLimits.BATCH_LINGER_LATE
                : pace.isBusy(now) ? LogLimits.BATCH_LINGER_BUSY : LogLimits.BATCH_LINGER;
    }

    private void compress(List<WorkloadLog> logs, ZstdCompressCtx zstd) {
        if (disk.low()) {
            // The engine keeps what is dropped here; the captures wait before they take over anew.
            logs.forEach(WorkloadLog::fail);
            return;
        }
        int budget = LogLimits.TRANSACTION_RAW_BYTES;
        long newestAt = 0;
        for (WorkloadLog log : logs) {
            if (budget <= 0) {
                dirty(log);
                continue;
            }
            for (SealedBatch batch : log.take(budget)) {
                budget -= batch.length();
                newestAt = Math.max(newestAt, batch.lastAt());
                add(new Ready(log, compress(batch, zstd)));
            }
        }
        late = newestAt > 0 && EpochNanos.isLate(newestAt);
        takenAt = System.nanoTime();
        pace.add(LogLimits.TRANSACTION_RAW_BYTES - budget, takenAt);
    }

    private void add(Ready next) {
        lock.lock();
        try {
            ready.addLast(next);
            readyBytes += next.batch().sealed().length();
            compressed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void commitAll() {
        try {
            List<Ready> next = awaitReady();
            while (!next.isEmpty()) {
                commit(next);
                next = awaitReady();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
    }

    /** Better a restart than a process that captures and stores nothing. */
    private static void giveUp(Throwable failure) {
        LOGGER.atError().setCause(failure).log("Storing has ended; the process ends too.");
        Quarkus.asyncExit(1);
    }

    /** What is compressed; empty at the end. */
    private List<Ready> awaitReady() throws InterruptedException {
        lock.lock();
        try {
            // That is stored: whoever lingers for more counts anew.
            committingBytes = 0;
            while (ready.isEmpty() && !allCompressed) {
                compressed.await();
            }
            List<Ready> next = List.copyOf(ready);
            ready.clear();
            committingBytes = readyBytes;
            readyBytes = 0;
            room.signal();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void commit(List<Ready> next) {
        Map<WorkloadLog, List<StoredBatch>> logs = new LinkedHashMap<>();
        for (Ready each : next) {
            if (!each.log().failed()) {
                logs.computeIfAbsent(each.log(), log -> new ArrayList<>()).add(each.batch());
            }
        }
        if (logs.isEmpty()) {
            return;
        }
        List<StoredBatch> batches = logs.values().stream().flatMap(List::stream).toList();
        try {
            Set<WorkloadId> stored = store.store(batches);
            logs.forEach((log, of) -> {
                if (stored.contains(log.workload())) {
                    for (StoredBatch batch : of) {
                        publisher.publish(batch.published());
                        metrics.stored(batch.sealed(), batch.payload().length);
                    }
                    log.stored(of.stream().map(StoredBatch::sealed).toList());
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
                    .addKeyValue("count", logs.size())
                    .addKeyValue("error", e.getMessage())
                    .log("Storing failed; the workloads are taken over anew.");
            metrics.storeFailed();
            logs.keySet().forEach(WorkloadLog::fail);
        }
    }

    private static StoredBatch compress(SealedBatch batch, ZstdCompressCtx zstd) {
        byte[] bound = new byte[Math.toIntExact(Zstd.compressBound(batch.length()))];
        int length = zstd.compressByteArray(bound, 0, bound.length, batch.ndjson(), 0, batch.length());
        return new StoredBatch(batch, Arrays.copyOf(bound, length));
    }
}
