package io.spyhop.contracts.log;

/**
 * A page of stored lines. The bytes are NDJSON as it was stored, one line object a row, ascending by {@code lineNo}.
 * Not copied: neither side changes the array. Immutable by agreement.
 *
 * @param ndjson the rows, each ended by a line feed; empty where nothing matched
 * @param count rows
 * @param through how far was examined: a reader's cursor moves here, not to the last row. The highest number examined, or
 *     the lowest one where the newest lines were examined first
 * @param more whether the range goes on beyond {@code through}; false where its end was reached
 * @param matched the numbers of the rows that match, where others stand around them as context; empty without context
 */
@SuppressWarnings("ArrayRecordComponent")
public record LinesPage(byte[] ndjson, int count, long through, boolean more, long[] matched) {
    private static final long[] NONE = {};

    /** A page without context. */
    public LinesPage(byte[] ndjson, int count, long through, boolean more) {
        this(ndjson, count, through, more, NONE);
    }
}
