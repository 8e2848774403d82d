package io.spyhop.logs.search;

import io.spyhop.contracts.WorkloadId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that have lines within a time, those with the newest lines first; their heads are read as far as they are
 * needed. Not thread-safe.
 */
final class NewestChunks {
    private static final int HEADS_FIRST = 32;
    private static final int HEADS_MAX = 8192;

    /** Heads of so much to look through are enough at once, for asking filters costs; more where filters pass over a long time. */
    private static final long ENOUGH_BYTES = 16L * 1024 * 1024;

    private final SnapshotReader snapshot;
    private final Collection<WorkloadId> workloads;
    private final TrigramQuestion question;
    private final long since;
    private final long before;
    private List<ChunkHead> heads = new ArrayList<>();
    private int next;
    private int limit = HEADS_FIRST;
    private boolean all;
    private ChunkHead last = new ChunkHead("", 0, 0, 0, Long.MAX_VALUE, 0, 0, false);

    NewestChunks(
            SnapshotReader snapshot,
            Collection<WorkloadId> workloads,
            TrigramQuestion question,
            long since,
            long before) {
        this.snapshot = snapshot;
        this.workloads = workloads;
        this.question = question;
        this.since = since;
        this.before = before;
    }

    /** The next one, which stays the next one; null at the end. */
    @Nullable
    ChunkHead peek() throws SQLException {
        while (next == heads.size() && !all) {
            heads = snapshot.newest(workloads, since, before, last, question, limit);
            next = 0;
            all = heads.size() < limit;
            limit = mayMatchBytes() < ENOUGH_BYTES ? Math.min(HEADS_MAX, limit * 4) : limit;
            last = heads.isEmpty() ? last : heads.getLast();
        }
        return next < heads.size() ? heads.get(next) : null;
    }

    private long mayMatchBytes() {
        return heads.stream()
                .filter(ChunkHead::mayMatch)
                .mapToLong(ChunkHead::rawBytes)
                .sum();
    }

    /** Goes on behind the next one. */
    void skip() {
        next++;
    }
}
