package io.spyhop.gateway.stream;

import io.spyhop.contracts.log.LinesPage;

/**
 * A page of the store, shared by the readers that asked for the same one.
 *
 * @param through the highest number that was examined
 */
record StoredPage(Block block, long through) {
    static StoredPage of(LinesPage page, long after) {
        return new StoredPage(new Block(page.count(), after + 1, page::ndjson), page.through());
    }

    boolean isEmpty() {
        return block.count() == 0;
    }
}
