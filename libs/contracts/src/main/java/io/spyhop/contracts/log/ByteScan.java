package io.spyhop.contracts.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds ASCII text of either case in bytes, 32 at a time: the hot path of every search. Two bytes of the text, the
 * rarest in logs, are compared at once at every place; only where both are there the whole is. Immutable.
 */
final class ByteScan {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    /** Bytes that are looked at before it is asked whether anything was there. */
    private static final int STRIDE = 4 * Long.BYTES;

    /** From the most common byte of logs to rarer ones; whatever is not here is rarer still. */
    private static final byte[] COMMON = " e0t1aios2nr3\"/.4-5:679l8cdmpu,f=hg_wbv()[]y".getBytes(US_ASCII);

    private final byte[] text;
    private final int rare;
    private final int other;
    private final long rareBytes;
    private final long rareFold;
    private final long otherBytes;
    private final long otherFold;

    /** @param text ASCII in small letters, not empty */
    ByteScan(byte[] text) {
        this.text = text;
        rare = rarest(text, -1);
        other = text.length == 1 ? rare : rarest(text, rare);
        rareBytes = ONES * text[rare];
        rareFold = fold(text[rare]);
        otherBytes = ONES * text[other];
        otherFold = fold(text[other]);
    }

    int length() {
        return text.length;
    }

    boolean seeksSame(ByteScan other) {
        return Arrays.equals(text, other.text);
    }

    /** Where the text first begins within a range; -1 where it does not stand there wholly. */
    int find(byte[] bytes, int from, int to) {
        int last = to - text.length;
        int at = from;
        for (int stop = last + 1 - STRIDE; at <= stop; at += STRIDE) {
            long marks = marks(bytes, at)
                    | marks(bytes, at + Long.BYTES)
                    | marks(bytes, at + 2 * Long.BYTES)
                    | marks(bytes, at + 3 * Long.BYTES);
            if (marks != 0) {
                int found = candidate(bytes, at, at + STRIDE);
                if (found >= 0) {
                    return found;
                }
            }
        }
        for (int stop = last + 1 - Long.BYTES; at <= stop; at += Long.BYTES) {
            int found = candidate(bytes, at, at + Long.BYTES);
            if (found >= 0) {
                return found;
            }
        }
        while (at <= last) {
            if (isAt(bytes, at)) {
                return at;
            }
            at++;
        }
        return -1;
    }

    /** How often the text stands in a range, without overlaps. */
    int count(byte[] bytes, int from, int to) {
        int count = 0;
        for (int at = find(bytes, from, to); at >= 0; at = find(bytes, at + text.length, to)) {
            count++;
        }
        return count;
    }

    /** Marks the bytes at which both rare ones are where they should; some above the lowest too many, for borrows. */
    private long marks(byte[] bytes, int at) {
        long first = ((long) LONGS.get(bytes, at + rare) | rareFold) ^ rareBytes;
        long second = ((long) LONGS.get(bytes, at + other) | otherFold) ^ otherBytes;
        long differs = first | second;
        return (differs - ONES) & ~differs & HIGHS;
    }

    private int candidate(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += Long.BYTES) {
            for (long marks = marks(bytes, at); marks != 0; marks &= marks - 1) {
                int candidate = at + (Long.numberOfTrailingZeros(marks) >>> 3);
                if (isAt(bytes, candidate)) {
                    return candidate;
                }
            }
        }
        return -1;
    }

    private boolean isAt(byte[] bytes, int at) {
        for (int i = 0; i < text.length; i++) {
            int b = bytes[at + i];
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** The first place of a byte; {@code to} where there is none. */
    static int indexOf(byte[] bytes, int from, int to, char ascii) {
        long wanted = ONES * ascii;
        int at = from;
        while (at + Long.BYTES <= to) {
            long differs = (long) LONGS.get(bytes, at) ^ wanted;
            long marks = (differs - ONES) & ~differs & HIGHS;
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < to && bytes[at] != ascii) {
            at++;
        }
        return at;
    }

    /** Where the row begins in which a byte stands. */
    static int rowStart(byte[] bytes, int from, int inside) {
        long wanted = ONES * '\n';
        int at = inside;
        while (at - Long.BYTES >= from) {
            long differs = (long) LONGS.get(bytes, at - Long.BYTES) ^ wanted;
            // Exact in every byte, for the highest one is wanted.
            long marks = ~(((differs & ~HIGHS) + ~HIGHS) | differs | ~HIGHS);
            if (marks != 0) {
                return at - (Long.numberOfLeadingZeros(marks) >>> 3);
            }
            at -= Long.BYTES;
        }
        while (at > from && bytes[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** The quote that ends a JSON string; {@code to} where it does not end. */
    static int stringEnd(byte[] bytes, int from, int to) {
        int at = indexOf(bytes, from, to, '"');
        while (at < to && backslashes(bytes, from, at) % 2 == 1) {
            at = indexOf(bytes, at + 1, to, '"');
        }
        return at;
    }

    /** How many backslashes stand before a place without anything between. */
    static int backslashes(byte[] bytes, int from, int before) {
        int at = before;
        while (at > from && bytes[at - 1] == '\\') {
            at--;
        }
        return before - at;
    }

    private static long fold(byte ascii) {
        return ascii >= 'a' && ascii <= 'z' ? ONES * 0x20 : 0;
    }

    private static int rarest(byte[] text, int except) {
        int best = except == 0 ? 1 : 0;
        for (int i = 0; i < text.length; i++) {
            if (i != except && rank(text[i]) > rank(text[best])) {
                best = i;
            }
        }
        return best;
    }

    private static int rank(byte b) {
        int rank = 0;
        while (rank < COMMON.length && COMMON[rank] != b) {
            rank++;
        }
        return rank;
    }
}
