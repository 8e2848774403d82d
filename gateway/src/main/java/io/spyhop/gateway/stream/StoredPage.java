package io.spyhop.gateway.stream;

import io.spyhop.contracts.log.LinesPage;

/**
 * A page of the store, shared by the readers that asked for the same one.
 *
 * @param through how far was examined
 * @param more whether the range goes on beyond
 */
record StoredPage(Block block, long through, boolean more) {
    static StoredPage of(LinesPage page, long after) {
        return new StoredPage(new Block(page.count(), after + 1, page::ndjson), page.through(), page.more());
    }

    boolean isEmpty() {
        return block.count() == 0;
    }
}
