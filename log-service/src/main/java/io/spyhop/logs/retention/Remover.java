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
import java.util.function.BooleanSupplier;

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

    /**
     * What a removal has done so far.
     *
     * @param more whether lines are left that were to go
     */
    record Part(Removed removed, boolean more) {}

    /** Removes every line of a workload that the cut names, and tells what this call has removed. */
    Removed remove(WorkloadId workload, Cut cut) throws SQLException {
        return removeSome(workload, cut, () -> false).removed();
    }

    /** The same, until it is enough; something is removed before that is asked. */
    Part removeSome(WorkloadId workload, Cut cut, BooleanSupplier enough) throws SQLException {
        Removed removed = Removed.NOTHING;
        for (int i = 0; i < LogLimits.REMOVAL_TRIES; i++) {
            Part whole = removeWhole(workload, cut, enough);
            removed = removed.plus(whole.removed());
            if (whole.more()) {
                return new Part(removed, true);
            }
            Trimmed trimmed = trimPartial(workload, cut, enough);
            removed = removed.plus(new Removed(0, trimmed.lines(), 0));
            if (trimmed.end() != End.OUTRUN) {
                return new Part(removed, trimmed.end() == End.ENOUGH);
            }
        }
        throw new IllegalStateException("others keep changing the chunks of " + workload);
    }

    private Part removeWhole(WorkloadId workload, Cut cut, BooleanSupplier enough) throws SQLException {
        Removed removed = Removed.NOTHING;
        Removed batch;
        do {
            batch = store.removeWhole(workload, cut);
            removed = removed.plus(batch);
            if (batch.chunks() < LogLimits.REMOVED_CHUNKS) {
                return new Part(removed, false);
            }
        } while (!enough.getAsBoolean());
        return new Part(removed, true);
    }

    /** How looking for chunks that keep some of their lines has ended. */
    private enum End {
        DONE,
        /** A chunk was changed by another, so that its lines are to be looked for again. */
        OUTRUN,
        ENOUGH
    }

    /** How many lines were taken out of chunks. */
    private record Trimmed(long lines, End end) {}

    private Trimmed trimPartial(WorkloadId workload, Cut cut, BooleanSupplier enough) throws SQLException {
        long lines = 0;
        End end = End.DONE;
        long after = -1;
        List<Sized> page;
        do {
            page = store.partial(workload, cut, after);
            for (Sized each : page) {
                if (lines > 0 && enough.getAsBoolean()) {
                    return new Trimmed(lines, End.ENOUGH);
                }
                Chunk chunk = each.chunk();
                OptionalInt dropped = trim.trim(chunk, cut);
                lines += dropped.orElse(0);
                end = dropped.isEmpty() ? End.OUTRUN : end;
                after = chunk.lastLine();
            }
        } while (page.size() == LogLimits.REMOVED_CHUNKS);
        return new Trimmed(lines, end);
    }
}
