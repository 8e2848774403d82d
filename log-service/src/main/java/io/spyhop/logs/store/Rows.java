package io.spyhop.logs.store;

import io.spyhop.contracts.log.LineMatcher;

/** Finds its way in rows of NDJSON by their numbers, which ascend. */
public final class Rows {
    /** Every row begins so; its number follows. */
    private static final int NUMBER_AT = "{\"lineNo\":".length();

    private Rows() {}

    /** The number of the row that begins here. */
    public static long number(byte[] ndjson, int row) {
        long number = 0;
        for (int at = row + NUMBER_AT; ndjson[at] >= '0' && ndjson[at] <= '9'; at++) {
            number = number * 10 + (ndjson[at] - '0');
        }
        return number;
    }

    /** Where the next row begins. */
    public static int next(byte[] ndjson, int row) {
        return LineMatcher.rowEnd(ndjson, row, ndjson.length) + 1;
    }

    /** Where the row before the one that begins here begins. */
    public static int previous(byte[] ndjson, int row) {
        return start(ndjson, row - 1);
    }

    /** Where the first row begins with a number above this; the length where there is none. */
    public static int above(byte[] ndjson, long number) {
        return above(ndjson, ndjson.length, number);
    }

    /** The same in a room that has rows up to a length. */
    public static int above(byte[] ndjson, int length, long number) {
        int low = 0;
        int high = length;
        while (low < high) {
            int row = start(ndjson, (low + high) >>> 1);
            if (number(ndjson, row) <= number) {
                low = next(ndjson, row);
            } else {
                high = row;
            }
        }
        return low;
    }

    /** Where the row begins in which a byte stands. */
    public static int start(byte[] ndjson, int inside) {
        int at = inside;
        while (at > 0 && ndjson[at - 1] != '\n') {
            at--;
        }
        return at;
    }
}
