package io.spyhop.logs.retention;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.setting.ByteSize;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.compaction.Chunk;
import io.spyhop.logs.compaction.ChunkTrim;
import io.spyhop.logs.retention.ExpiryStore.Sized;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is stored within the budget of each workload and of all together: the oldest output goes first, system lines
 * only where nothing else is left. Where two do so at once, both choose the same chunks, and each is removed once; the
 * excess is measured again before more is chosen. Thread-safe.
 */
@ApplicationScoped
class Budgets {
    private static final Logger LOGGER = LoggerFactory.getLogger(Budgets.class);
    private static final long TOTAL_BYTES = 20L << 30;
    private static final int DISK_PERCENT = 30;

    /** The owner of this partition looks after the total: all replicas see the same chunks. */
    private static final int TOTAL_PARTITION = 0;

    private final ExpiryStore store;
    private final RetentionStore rules;
    private final ChunkTrim trim;
    private final RetentionConfig config;
    private final RetentionMetrics metrics;
    private final long totalBytes;

    @Inject
    Budgets(
            ExpiryStore store,
            RetentionStore rules,
            ChunkTrim trim,
            RetentionConfig config,
            RetentionMetrics metrics,
            SpyhopConfig spyhop) {
        this.store = store;
        this.rules = rules;
        this.trim = trim;
        this.config = config;
        this.metrics = metrics;
        this.totalBytes = config.totalBytes().orElseGet(() -> standard(spyhop.data()));
    }

    /** Looks after the workloads of these partitions, and with the first of all partitions after the total. */
    void check(Set<Integer> partitions) throws SQLException {
        // What the table takes on the disk is known at once, and is the most that anything in it can take.
        long most = store.onDisk();
        long least = Math.min(config.maxBytes(), rules.leastBytes());
        if (most > least) {
            for (Map.Entry<WorkloadId, Long> each :
                    store.over(config.maxBytes()).entrySet()) {
                WorkloadId workload = each.getKey();
                if (partitions.contains(RecordKey.partitionOf(workload.value()))) {
                    long budget =
                            Rule.of(rules.rule(workload), config).maxBytes().value();
                    if (each.getValue() > budget) {
                        reduceUnlessBroken(workload, budget);
                    }
                }
            }
        }
        if (partitions.contains(TOTAL_PARTITION) && most > totalBytes) {
            reduce(null, totalBytes);
        }
    }

    private void reduceUnlessBroken(WorkloadId workload, long budget) throws SQLException {
        try {
            reduce(workload, budget);
        } catch (RuntimeException e) {
            // The others go on.
            LOGGER.atError()
                    .addKeyValue("workload", workload)
                    .setCause(e)
                    .log("Lines over the budget cannot be removed.");
        }
    }

    /** Removes the oldest lines of a workload, or of all, until no more than that is stored. */
    Removed reduce(@Nullable WorkloadId workload, long budget) throws SQLException {
        Removed removed = Removed.NOTHING;
        long stored = stored(workload);
        for (int i = 0; i < LogLimits.REMOVAL_TRIES && stored > budget; i++) {
            List<Sized> oldest = store.oldest(workload, false);
            if (oldest.isEmpty()) {
                oldest = store.oldest(workload, true);
            }
            if (oldest.isEmpty()) {
                break;
            }
            removed = removed.plus(removeOldest(oldest, stored - budget));
            stored = stored(workload);
        }
        if (removed.lines() > 0) {
            metrics.removed(workload == null ? RetentionMetrics.Reason.TOTAL : RetentionMetrics.Reason.BUDGET, removed);
            LOGGER.atInfo()
                    .addKeyValue("workload", workload == null ? "all" : workload)
                    .addKeyValue("count", removed.lines())
                    .addKeyValue("bytes", removed.bytes())
                    .log("The oldest lines were removed: more was stored than the budget allows.");
        }
        if (stored > budget) {
            LOGGER.atWarn()
                    .addKeyValue("workload", workload == null ? "all" : workload)
                    .addKeyValue("bytes", stored)
                    .log("More is stored than the budget allows.");
        }
        return removed;
    }

    private Removed removeOldest(List<Sized> oldest, long excess) throws SQLException {
        Removed removed = Removed.NOTHING;
        List<Chunk> whole = new ArrayList<>();
        long chosen = 0;
        for (Sized each : oldest) {
            if (chosen >= excess) {
                break;
            }
            // Counted whether or not another was quicker: then it has freed the same.
            chosen += each.bytes();
            if (each.chunk().retentionClass() == Chunk.MIXED) {
                OptionalInt lines = trim.trim(each.chunk(), (number, at, system) -> !system);
                removed = removed.plus(new Removed(0, lines.orElse(0), lines.isPresent() ? each.bytes() : 0));
            } else {
                whole.add(each.chunk());
            }
            if (whole.size() == LogLimits.REMOVED_CHUNKS) {
                removed = removed.plus(store.remove(whole));
                whole.clear();
            }
        }
        return whole.isEmpty() ? removed : removed.plus(store.remove(whole));
    }

    private long stored(@Nullable WorkloadId workload) throws SQLException {
        return workload == null ? store.total() : store.usage(workload).storedBytes();
    }

    /** Of a database elsewhere nothing is known but that it has a disk. */
    private static long standard(Optional<Path> data) {
        if (data.isEmpty()) {
            return TOTAL_BYTES;
        }
        try {
            long disk = Files.getFileStore(data.get()).getTotalSpace();
            return Math.min(TOTAL_BYTES, Math.max(ByteSize.MIN, disk / 100 * DISK_PERCENT));
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("A disk does not tell how large it is.");
            return TOTAL_BYTES;
        }
    }
}
