package io.spyhop.logs.retention;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.compaction.Chunk;
import io.spyhop.logs.compaction.ChunkTrim;
import io.spyhop.logs.retention.ExpiryStore.Sized;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;

/**
 * Removes lines exactly: chunks of which all go, a batch in a transaction, then the lines in question from each chunk that
 * keeps some. Any number may do so at once, beside compaction too. Thread-safe.
 */
@ApplicationScoped
class Remover {
    private final ExpiryStore store;
    private final ChunkTrim trim;

    @Inject
    Remover(ExpiryStore store, ChunkTrim trim) {
        this.store = store;
        this.trim = trim;
    }

    /** Removes every line of a workload that the cut names, and tells what this call has removed. */
    Removed remove(WorkloadId workload, Cut cut) throws SQLException {
        Removed removed = Removed.NOTHING;
        for (int i = 0; i < LogLimits.REMOVAL_TRIES; i++) {
            removed = removed.plus(removeWhole(workload, cut));
            Trimmed trimmed = trimPartial(workload, cut);
            removed = removed.plus(new Removed(0, trimmed.lines(), 0));
            if (!trimmed.outrun()) {
                return removed;
            }
        }
        throw new IllegalStateException("others keep changing the chunks of " + workload);
    }

    private Removed removeWhole(WorkloadId workload, Cut cut) throws SQLException {
        Removed removed = Removed.NOTHING;
        Removed batch;
        do {
            batch = store.removeWhole(workload, cut);
            removed = removed.plus(batch);
        } while (batch.chunks() == LogLimits.REMOVED_CHUNKS);
        return removed;
    }

    /**
     * What was taken out of chunks.
     *
     * @param outrun whether a chunk was changed by another, so that its lines are to be looked for again
     */
    private record Trimmed(long lines, boolean outrun) {}

    private Trimmed trimPartial(WorkloadId workload, Cut cut) throws SQLException {
        long lines = 0;
        boolean outrun = false;
        long after = -1;
        List<Sized> page;
        do {
            page = store.partial(workload, cut, after);
            for (Sized each : page) {
                Chunk chunk = each.chunk();
                OptionalInt dropped = trim.trim(chunk, cut);
                lines += dropped.orElse(0);
                outrun |= dropped.isEmpty();
                after = chunk.lastLine();
            }
        } while (page.size() == LogLimits.REMOVED_CHUNKS);
        return new Trimmed(lines, outrun);
    }
}
