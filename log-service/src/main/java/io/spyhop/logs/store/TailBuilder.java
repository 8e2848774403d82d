package io.spyhop.logs.store;

import io.spyhop.contracts.log.LinesPage;
import java.util.Arrays;

/** A page of the newest rows: collects all from where they begin at the latest, then keeps the last ones. */
final class TailBuilder extends PageBuilder {
    private final int limit;
    private final int bytesMax;

    TailBuilder(long after, int limit, int bytesMax) {
        super(after, Integer.MAX_VALUE, Integer.MAX_VALUE);
        this.limit = limit;
        this.bytesMax = bytesMax;
    }

    @Override
    LinesPage build() {
        LinesPage all = super.build();
        byte[] rows = all.ndjson();
        int start = rows.length;
        int count = 0;
        while (start > 0 && count < limit) {
            int previous = start - 1;
            while (previous > 0 && rows[previous - 1] != '\n') {
                previous--;
            }
            if (count > 0 && rows.length - previous > bytesMax) {
                break;
            }
            start = previous;
            count++;
        }
        return new LinesPage(Arrays.copyOfRange(rows, start, rows.length), count, all.through(), false);
    }
}
