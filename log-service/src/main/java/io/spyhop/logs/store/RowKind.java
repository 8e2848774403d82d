package io.spyhop.logs.store;

import java.util.Arrays;

/**
 * What stands in a row between its time and its message: its stream and its level. A chunk has very few of them. Immutable by
 * agreement.
 */
@SuppressWarnings("ArrayRecordComponent")
record RowKind(byte[] text, int streamEnd) {
    private static final int STREAM = "\",\"stream\":\"".length();
    private static final int LEVEL_AFTER_STREAM = "\",\"level\":\"".length();
    private static final int MESSAGE = "\",\"message\":\"".length();

    /** The kind that is written so. */
    static RowKind of(byte[] text) {
        int streamEnd = STREAM;
        while (text[streamEnd] != '"') {
            streamEnd++;
        }
        return new RowKind(text, streamEnd);
    }

    boolean isAt(byte[] ndjson, int from, int to) {
        return Arrays.equals(ndjson, from, to, text, 0, text.length);
    }

    boolean hasStream(byte[] wanted) {
        return Arrays.equals(text, STREAM, streamEnd, wanted, 0, wanted.length);
    }

    boolean hasLevel(byte[] wanted) {
        int level = streamEnd + LEVEL_AFTER_STREAM;
        return Arrays.equals(text, level, text.length - MESSAGE, wanted, 0, wanted.length);
    }
}
