package io.spyhop.logs.compaction;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDate;
import java.util.Arrays;

/**
 * What every stored row begins with, read without parsing JSON: a number, a time and a stream. A row
 * that begins otherwise is refused, so that nothing is removed by mistake.
 */
final class Rows {
    private static final byte[] NUMBER = "{\"lineNo\":".getBytes(US_ASCII);
    private static final byte[] AT = ",\"at\":\"".getBytes(US_ASCII);
    private static final byte[] STREAM = "Z\",\"stream\":\"".getBytes(US_ASCII);
    private static final byte[] SYSTEM = "system\"".getBytes(US_ASCII);
    private static final int SECONDS_LENGTH = "2026-01-01T00:00:00".length();
    private static final int FRACTION_LENGTH = ".000000000".length();
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Rows() {}

    /** Where the row that begins there ends: behind its line feed. */
    static int next(byte[] ndjson, int row) {
        int at = row;
        while (ndjson[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    /** The row's number. */
    static long number(byte[] ndjson, int row) {
        expect(ndjson, row, NUMBER);
        int at = row + NUMBER.length;
        return digits(ndjson, at, numberEnd(ndjson, at));
    }

    /** The row's time, nanoseconds since the epoch. */
    static long atNanos(byte[] ndjson, int row) {
        int at = timeAt(ndjson, row);
        long day = LocalDate.of((int) digits(ndjson, at, at + 4), (int) digits(ndjson, at + 5, at + 7), (int)
                        digits(ndjson, at + 8, at + 10))
                .toEpochDay();
        long second = ((day * 24 + digits(ndjson, at + 11, at + 13)) * 60 + digits(ndjson, at + 14, at + 16)) * 60
                + digits(ndjson, at + 17, at + 19);
        int fraction = at + SECONDS_LENGTH;
        return second * NANOS_PER_SECOND + digits(ndjson, fraction + 1, fraction + FRACTION_LENGTH);
    }

    /** Whether it is a system line. */
    static boolean system(byte[] ndjson, int row) {
        int stream = timeAt(ndjson, row) + SECONDS_LENGTH + FRACTION_LENGTH;
        expect(ndjson, stream, STREAM);
        return begins(ndjson, stream + STREAM.length, SYSTEM);
    }

    private static int timeAt(byte[] ndjson, int row) {
        int at = numberEnd(ndjson, row + NUMBER.length);
        expect(ndjson, at, AT);
        return at + AT.length;
    }

    private static int numberEnd(byte[] ndjson, int from) {
        int at = from;
        while (ndjson[at] >= '0' && ndjson[at] <= '9') {
            at++;
        }
        return at;
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
