package io.spyhop.gateway.stream;

import io.spyhop.contracts.log.LinesPage;
import org.jspecify.annotations.Nullable;

/**
 * A page of the store, shared by the readers that asked for the same one.
 *
 * @param through how far was examined
 * @param more whether the range goes on beyond
 */
record StoredPage(Block block, long through, boolean more) {
    static StoredPage of(LinesPage page, long after) {
        return new StoredPage(new Block(page.count(), after + 1, page::ndjson, true), page.through(), page.more());
    }

    /** The same as a batch; null where lines are missing in it. */
    @Nullable
    LiveBatch asBatch(long after) {
        long last = after + block.count();
        boolean whole = !isEmpty() && last == through;
        return whole
                ? new LiveBatch(after + 1, last, LiveBatch.weight(block.ndjson().length, block.count()), block)
                : null;
    }

    boolean isEmpty() {
        return block.count() == 0;
    }
}
