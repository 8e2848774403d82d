package io.spyhop.engine.docker;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;

/**
 * Reads the RFC 3339 timestamp of a line, such as {@code 2026-11-22T03:04:05.123456789Z}; the fraction may have
 * fewer digits or be missing. On the hot path: the part up to the second is computed only when it changes. Not
 * thread-safe.
 */
final class LogTimestamp {
    /** The longest timestamp with the space behind it. */
    static final int TEXT_BYTES_MAX = "2026-11-22T03:04:05.123456789+01:00 ".length();

    private static final int SECOND_BYTES = "2026-11-22T03:04:05".length();
    private static final int[] SCALE = {
        1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1
    };

    private final byte[] second = new byte[SECOND_BYTES];
    private long secondNanos;
    private long nanos;
    private int end;

    /** Reads a timestamp and the character behind it at a place; false, and nothing changed, where none stands. */
    boolean read(byte[] bytes, int from, int to, char behind) {
        int next = from + SECOND_BYTES;
        if (to - next < 2 || !readSecond(bytes, from)) {
            return false;
        }
        int fraction = 0;
        if (bytes[next] == '.') {
            int digits = 0;
            next++;
            while (next < to && digits < 9 && isDigit(bytes[next])) {
                fraction = fraction * 10 + (bytes[next] - '0');
                next++;
                digits++;
            }
            if (digits == 0) {
                return false;
            }
            fraction *= SCALE[digits];
        }
        long offsetNanos = 0;
        if (next < to && bytes[next] == 'Z') {
            next++;
        } else {
            if (to - next < 6 || (bytes[next] != '+' && bytes[next] != '-') || bytes[next + 3] != ':') {
                return false;
            }
            int hours = number(bytes, next + 1, 2);
            int minutes = number(bytes, next + 4, 2);
            if (hours < 0 || minutes < 0) {
                return false;
            }
            offsetNanos = (hours * 60L + minutes) * 60_000_000_000L * (bytes[next] == '-' ? -1 : 1);
            next += 6;
        }
        if (next >= to || bytes[next] != behind) {
            return false;
        }
        nanos = secondNanos + fraction - offsetNanos;
        end = next + 1;
        return true;
    }

    /** What was read last, in nanoseconds since the epoch. */
    long nanos() {
        return nanos;
    }

    /** The place behind what was read last. */
    int end() {
        return end;
    }

    private boolean readSecond(byte[] bytes, int from) {
        if (Arrays.equals(bytes, from, from + SECOND_BYTES, second, 0, SECOND_BYTES)) {
            return true;
        }
        if (bytes[from + 4] != '-'
                || bytes[from + 7] != '-'
                || bytes[from + 10] != 'T'
                || bytes[from + 13] != ':'
                || bytes[from + 16] != ':') {
            return false;
        }
        int year = number(bytes, from, 4);
        int month = number(bytes, from + 5, 2);
        int day = number(bytes, from + 8, 2);
        int hour = number(bytes, from + 11, 2);
        int minute = number(bytes, from + 14, 2);
        int seconds = number(bytes, from + 17, 2);
        // Years outside do not fit into 64 bits of nanoseconds, or no container ran then.
        boolean valid = year >= 1970
                && year <= 2261
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth()
                && hour >= 0
                && hour <= 23
                && minute >= 0
                && minute <= 59
                && seconds >= 0
                && seconds <= 59;
        if (!valid) {
            return false;
        }
        long epochDay = LocalDate.of(year, month, day).toEpochDay();
        secondNanos = (((epochDay * 24 + hour) * 60 + minute) * 60 + seconds) * 1_000_000_000L;
        System.arraycopy(bytes, from, second, 0, SECOND_BYTES);
        return true;
    }

    /** The number of so many digits; -1 where a byte is none. */
    private static int number(byte[] bytes, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            if (!isDigit(bytes[i])) {
                return -1;
            }
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
