package io.spyhop.logs.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.logs.number.EpochNanos;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * Finds its way in rows of NDJSON by their numbers, which ascend, and reads what every row begins with without parsing JSON: a number, a
 * time and a stream. Asked for its time or stream, a row that begins otherwise is refused, so that nothing is removed by mistake.
 */
public final class Rows {
    static final byte[] NUMBER = "{\"lineNo\":".getBytes(US_ASCII);
    static final byte[] AT = ",\"at\":\"".getBytes(US_ASCII);
    private static final byte[] STREAM = "Z\",\"stream\":\"".getBytes(US_ASCII);
    private static final byte[] SYSTEM = "system\"".getBytes(US_ASCII);
    private static final int SECONDS_LENGTH = "2026-01-01T00:00:00".length();
    private static final int FRACTION_LENGTH = ".000000000".length();

    private Rows() {}

    /** The number of the row that begins here. */
    public static long number(byte[] ndjson, int row) {
        long number = 0;
        for (int at = row + NUMBER.length; ndjson[at] >= '0' && ndjson[at] <= '9'; at++) {
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

    /** The row's time, nanoseconds since the epoch. */
    public static long atNanos(byte[] ndjson, int row) {
        int at = timeAt(ndjson, row);
        long day = LocalDate.of((int) digits(ndjson, at, at + 4), (int) digits(ndjson, at + 5, at + 7), (int)
                        digits(ndjson, at + 8, at + 10))
                .toEpochDay();
        long second = ((day * 24 + digits(ndjson, at + 11, at + 13)) * 60 + digits(ndjson, at + 14, at + 16)) * 60
                + digits(ndjson, at + 17, at + 19);
        int fraction = at + SECONDS_LENGTH;
        return second * EpochNanos.PER_SECOND + digits(ndjson, fraction + 1, fraction + FRACTION_LENGTH);
    }

    /** Whether it is a system line. */
    public static boolean system(byte[] ndjson, int row) {
        int stream = timeAt(ndjson, row) + SECONDS_LENGTH + FRACTION_LENGTH;
        expect(ndjson, stream, STREAM);
        return begins(ndjson, stream + STREAM.length, SYSTEM);
    }

    private static int timeAt(byte[] ndjson, int row) {
        expect(ndjson, row, NUMBER);
        int at = row + NUMBER.length;
        while (ndjson[at] >= '0' && ndjson[at] <= '9') {
            at++;
        }
        expect(ndjson, at, AT);
        return at + AT.length;
    }

    private static long digits(byte[] ndjson, int from, int to) {
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = ndjson[at] - '0';
            if (digit < 0 || digit > 9) {
                throw unreadable();
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static void expect(byte[] ndjson, int at, byte[] wanted) {
        if (!begins(ndjson, at, wanted)) {
            throw unreadable();
        }
    }

    private static boolean begins(byte[] ndjson, int at, byte[] wanted) {
        return at + wanted.length <= ndjson.length
                && Arrays.equals(ndjson, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static IllegalStateException unreadable() {
        return new IllegalStateException("a stored row does not begin as rows do");
    }
}
