package io.spyhop.logs.compaction;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.store.DiskGuard;
import io.spyhop.logs.store.StoreLoop;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the small chunks of workloads, one group after the other: reads it, merges it in memory, and exchanges it in one
 * short transaction. No lock is held while it works; where another was quicker nothing has happened. It rests as long as it
 * works, and longer while lines wait to be stored. Not thread-safe.
 */
@ApplicationScoped
public class Compactor {
    private static final Logger LOGGER = LoggerFactory.getLogger(Compactor.class);

    private final CompactionStore store;
    private final ChunkSwapStore chunks;
    private final StoreLoop storeLoop;
    private final DiskGuard disk;
    private final CompactionMetrics metrics;
    private final Map<WorkloadId, CompactionStore.Candidate> looked = new HashMap<>();
    private volatile boolean stopped;

    @Inject
    Compactor(
            CompactionStore store,
            ChunkSwapStore chunks,
            StoreLoop storeLoop,
            DiskGuard disk,
            CompactionMetrics metrics) {
        this.store = store;
        this.chunks = chunks;
        this.storeLoop = storeLoop;
        this.disk = disk;
        this.metrics = metrics;
    }

    /** Merges what is worth it now among workloads of these partitions; how many merges it were. */
    int run(Set<Integer> partitions) throws SQLException, InterruptedException {
        int merges = 0;
        if (stopped) {
            return merges;
        }
        Map<WorkloadId, CompactionStore.Candidate> now = new HashMap<>();
        List<CompactionStore.Candidate> some = store.candidates("");
        while (!some.isEmpty()) {
            for (CompactionStore.Candidate each : some) {
                if (stopped) {
                    return merges;
                }
                WorkloadId workload = each.workload();
                if (!each.isWorthALook() || !partitions.contains(RecordKey.partitionOf(workload.value()))) {
                    continue;
                }
                // Whose small chunks are those that were not worth it the last time still are not.
                if (!each.equals(looked.get(workload))) {
                    merges += compactUnlessBroken(workload);
                }
                now.put(workload, each);
            }
            some = store.candidates(some.getLast().workload().value());
        }
        looked.clear();
        looked.putAll(now);
        return merges;
    }

    private int compactUnlessBroken(WorkloadId workload) throws SQLException, InterruptedException {
        try {
            return compact(workload);
        } catch (RuntimeException e) {
            // The others go on; this one is tried again when it has more chunks.
            LOGGER.atError().addKeyValue("workload", workload).setCause(e).log("Chunks cannot be compacted.");
            return 0;
        }
    }

    /** Merges what is worth it now of one workload; how many merges it were. */
    int compact(WorkloadId workload) throws SQLException, InterruptedException {
        int merges = 0;
        List<List<Chunk>> neighbours = store.small(workload);
        for (int i = 0; i < neighbours.size(); i++) {
            for (List<Chunk> group : ChunkMerge.plan(neighbours.get(i), i == neighbours.size() - 1)) {
                // The room of what is merged comes back later than the room for it is taken.
                if (stopped || disk.low()) {
                    return merges;
                }
                awaitStore();
                long begun = System.nanoTime();
                merges += merge(group) ? 1 : 0;
                Thread.sleep(Duration.ofNanos(System.nanoTime() - begun));
            }
        }
        return merges;
    }

    /** Ends what runs at the next opportunity. */
    void stop() {
        stopped = true;
    }

    private boolean merge(List<Chunk> group) throws SQLException {
        Optional<byte[]> rows = chunks.read(group);
        if (rows.isEmpty()) {
            metrics.outrun();
            return false;
        }
        PackedChunk merged = PackedChunk.of(ChunkMerge.merged(group), rows.get());
        if (!chunks.swap(group, merged)) {
            metrics.outrun();
            return false;
        }
        metrics.merged(group.size(), merged);
        LOGGER.atTrace()
                .addKeyValue("workload", merged.chunk().workload())
                .addKeyValue("count", group.size())
                .log("Chunks became one.");
        return true;
    }

    /** Lines come first; but for some seconds at most, for many small chunks slow all readers. */
    private void awaitStore() throws InterruptedException {
        long until = System.nanoTime() + LogLimits.COMPACTION_PATIENCE.toNanos();
        while (storeLoop.unstored().total() > LogLimits.COMPACTION_UNSTORED_BYTES && System.nanoTime() < until) {
            Thread.sleep(LogLimits.COMPACTION_PAUSE);
        }
    }
}
