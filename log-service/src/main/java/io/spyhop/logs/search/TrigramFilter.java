package io.spyhop.logs.search;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spyhop.contracts.log.LineMatcher;
import java.util.Arrays;

/**
 * Says of a chunk that a text cannot occur in it: a Bloom filter of all three bytes in a row of what is searched, the
 * message texts and the JSON texts of the fields, as they stand in the rows, with ASCII letters folded to small ones. One
 * bit a trigram; any size is good, so that a small chunk has a small filter. The bytes are stored: a change of the hash
 * needs another column.
 */
public final class TrigramFilter {
    /** Bytes of a trigram: a shorter text asks nothing. */
    static final int GRAM = 3;

    /** A filter takes at most this part of the rows. */
    private static final int RAW_PER_FILTER = 50;

    /**
     * Bits for each trigram that occurs, where there is room: of the bits, 15 in a hundred are then set. Four letters that are
     * not there ask two of them. With ten bits the filters took a tenth of what is stored of logs full of identifiers.
     */
    private static final int BITS_PER_TRIGRAM = 6;

    private static final int TRIGRAMS = 1 << 24;
    private static final int MIX = 0x9E37_79B1;
    private static final byte[] MESSAGE = "\"message\":\"".getBytes(US_ASCII);
    private static final byte[] FIELDS = ",\"fields\":".getBytes(US_ASCII);

    /** Each byte, ASCII letters as small ones. */
    private static final int[] FOLDED = new int[1 << Byte.SIZE];

    static {
        for (int b = 0; b < FOLDED.length; b++) {
            FOLDED[b] = b >= 'A' && b <= 'Z' ? b | 0x20 : b;
        }
    }

    private TrigramFilter() {}

    /** The filter of a chunk's rows. */
    public static byte[] build(byte[] ndjson, int length) {
        long[] seen = new long[TRIGRAMS / Long.SIZE];
        int row = 0;
        while (row < length) {
            int end = LineMatcher.rowEnd(ndjson, row, length);
            int message = after(ndjson, row, end, MESSAGE);
            int messageEnd = stringEnd(ndjson, message, end);
            collect(seen, ndjson, message, messageEnd);
            // Little else stands behind the fields.
            collect(seen, ndjson, after(ndjson, messageEnd, end, FIELDS), end);
            row = end + 1;
        }
        int distinct = 0;
        for (long word : seen) {
            distinct += Long.bitCount(word);
        }
        int most = Math.max(1, length / RAW_PER_FILTER);
        byte[] filter = new byte[Math.clamp((long) distinct * BITS_PER_TRIGRAM / Byte.SIZE, 1, most)];
        for (int i = 0; i < seen.length; i++) {
            for (long word = seen[i]; word != 0; word &= word - 1) {
                int trigram = i * Long.SIZE + Long.numberOfTrailingZeros(word);
                filter[position(trigram, filter.length)] |= (byte) mask(trigram);
            }
        }
        return filter;
    }

    /**
     * Whether a text may occur: false means that it does not.
     *
     * @param text ASCII in small letters that stands in rows as it is: without quotes, backslashes and controls
     */
    public static boolean mayContain(byte[] filter, byte[] text) {
        for (int at = 0; at + GRAM <= text.length; at++) {
            int trigram = trigram(text, at);
            if ((filter[position(trigram, filter.length)] & mask(trigram)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The trigram at a place of a text in small letters. */
    static int trigram(byte[] text, int at) {
        return (text[at] & 0xff) << 16 | (text[at + 1] & 0xff) << 8 | (text[at + 2] & 0xff);
    }

    /** What, times the filter's size, has the number of the byte in its high half. */
    static long hash(int trigram) {
        int hash = trigram * MIX;
        return Integer.toUnsignedLong((hash ^ hash >>> 15) * MIX);
    }

    /** The bit within the byte. */
    static int mask(int trigram) {
        return 1 << ((trigram * 0x85EB_CA77) >>> 29);
    }

    private static int position(int trigram, int size) {
        return (int) ((hash(trigram) * size) >>> 32);
    }

    private static void collect(long[] seen, byte[] bytes, int from, int to) {
        if (to - from < GRAM) {
            return;
        }
        int trigram = FOLDED[bytes[from] & 0xff] << 8 | FOLDED[bytes[from + 1] & 0xff];
        for (int at = from + 2; at < to; at++) {
            trigram = (trigram << 8 | FOLDED[bytes[at] & 0xff]) & (TRIGRAMS - 1);
            long bit = 1L << trigram;
            // Nearly all were seen before; what is not written need not be waited for.
            if ((seen[trigram >>> 6] & bit) == 0) {
                seen[trigram >>> 6] |= bit;
            }
        }
    }

    /** Where the first occurrence ends; {@code to} where there is none. */
    private static int after(byte[] bytes, int from, int to, byte[] wanted) {
        for (int at = from; at + wanted.length <= to; at++) {
            if (bytes[at] == wanted[0] && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at + wanted.length;
            }
        }
        return to;
    }

    /** The quote that ends a JSON string. */
    private static int stringEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, to);
    }
}
