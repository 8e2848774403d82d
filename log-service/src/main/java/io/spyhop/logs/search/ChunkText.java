package io.spyhop.logs.search;

import io.spyhop.contracts.log.LineCursor;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.logs.store.RowColumns;
import io.spyhop.logs.store.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What of a chunk is looked through: its rows, or their texts where they are stored apart from their heads. Places are those in
 * these bytes, and a row ends with a line feed either way. Immutable by agreement.
 *
 * @param length how many of the bytes there are; the room may be larger
 * @param columns the heads of the texts; null for whole rows
 */
record ChunkText(
        @SuppressWarnings("ArrayRecordComponent") byte[] bytes,
        int length,
        @Nullable RowColumns columns) {
    static final ChunkText NONE = new ChunkText(new byte[0], 0, null);

    static ChunkText of(byte[] ndjson, int length) {
        return new ChunkText(ndjson, length, null);
    }

    static ChunkText of(RowColumns columns) {
        return new ChunkText(columns.texts(), columns.length(), columns);
    }

    /** The same in a room of its own. */
    ChunkText copy() {
        return columns == null ? of(Arrays.copyOf(bytes, length), length) : of(columns.copy());
    }

    /** The rows that are wanted of those between two places at which rows begin. */
    LineCursor rows(LineMatcher matcher, int from, int to) {
        return columns == null ? matcher.rows(bytes, from, to) : columns.rows(matcher, from, to);
    }

    /** Where the first row begins with a number above this; the length where there is none. */
    int above(long number) {
        return columns == null ? Rows.above(bytes, length, number) : columns.above(number);
    }

    /** The number of the row that begins here. */
    long number(int row) {
        return columns == null ? Rows.number(bytes, row) : columns.number(row);
    }

    /** The row that begins here, with its line feed. */
    byte[] row(int row) {
        return columns == null ? Arrays.copyOfRange(bytes, row, Rows.next(bytes, row)) : columns.row(row);
    }
}
