package io.spyhop.contracts.log;

/**
 * A page of stored lines. The bytes are NDJSON as it was stored, one line object a row, ascending by {@code lineNo}.
 * Not copied: neither side changes the array. Immutable by agreement.
 *
 * @param ndjson the rows, each ended by a line feed; empty where nothing matched
 * @param count rows
 * @param through the highest number that was examined: a reader's cursor moves here, not to the last row
 */
public record LinesPage(
        @SuppressWarnings("ArrayRecordComponent") byte[] ndjson, int count, long through) {}
