package io.spyhop.gateway.search;

import io.spyhop.contracts.problem.SpyhopException;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Where a search goes on. The range stands in it, since "24 hours ago" is another time later. Immutable.
 *
 * @param beforeNanos lines at or after this time were examined
 * @param skip how many of the last nanosecond before it were given already
 */
record SearchCursor(long sinceNanos, long untilNanos, long beforeNanos, int skip) {
    private static final int BYTES = 3 * Long.BYTES + Integer.BYTES;

    /** As a client sends it back. */
    String text() {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(sinceNanos)
                .putLong(untilNanos)
                .putLong(beforeNanos)
                .putInt(skip)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Reads it back.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static SearchCursor read(String name, String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == BYTES) {
                ByteBuffer in = ByteBuffer.wrap(bytes);
                SearchCursor cursor = new SearchCursor(in.getLong(), in.getLong(), in.getLong(), in.getInt());
                if (cursor.isRange()) {
                    return cursor;
                }
            }
        } catch (IllegalArgumentException e) {
            throw SpyhopException.parameter(name, "`next` of the answer before");
        }
        throw SpyhopException.parameter(name, "`next` of the answer before");
    }

    private boolean isRange() {
        return sinceNanos >= 0
                && untilNanos > sinceNanos
                && beforeNanos > sinceNanos
                && beforeNanos <= untilNanos
                && skip >= 0
                && skip < SearchLimits.ROWS_MAX;
    }
}
