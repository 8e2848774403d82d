package io.spyhop.logs.number;

import io.spyhop.logs.LogLimits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Bytes of rendered lines, growing as needed; none are taken before the first line. The hot path: nothing here allocates per
 * line once the buffer has its size. Not thread-safe.
 */
public final class LineBuffer {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS_MAX = 20;
    private static final int SIZE_FIRST = 1024;

    private final int sizeFirst;
    private byte[] bytes = {};
    private int length;

    private long cachedSecond = Long.MIN_VALUE;
    private byte[] cachedSecondText = new byte[0];

    /** An empty one. */
    public LineBuffer() {
        this(SIZE_FIRST);
    }

    /** An empty one that fills a room first, and leaves it only where that is too small. */
    public LineBuffer(byte[] room) {
        this(SIZE_FIRST);
        bytes = room;
    }

    private LineBuffer(int sizeFirst) {
        this.sizeFirst = sizeFirst;
    }

    /** An empty one that begins with the size that this one came to: it would be copied a dozen times on its way there. */
    LineBuffer next() {
        return new LineBuffer(Math.min(length, LogLimits.BATCH_RAW_BYTES_LATE) + SIZE_FIRST);
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** The bytes so far, at its beginning; valid until the next change. */
    public byte[] array() {
        return bytes;
    }

    /** Appends bytes. */
    public LineBuffer put(byte[] source) {
        return put(source, 0, source.length);
    }

    /** Appends some of these bytes. */
    public LineBuffer put(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    LineBuffer put(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Appends a number in decimal digits. */
    public LineBuffer putNumber(long value) {
        reserve(DIGITS_MAX);
        if (value < 0) {
            return put(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        putDigits(value, digits);
        return this;
    }

    /** RFC 3339 in UTC with nine digits of fraction. */
    public LineBuffer putTime(long epochNanos) {
        long second = Math.floorDiv(epochNanos, EpochNanos.PER_SECOND);
        if (second != cachedSecond) {
            // Lines of one second share all but the fraction.
            String text = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC).toString();
            String whole = text.length() == "2026-01-01T00:00".length() ? text + ":00" : text;
            cachedSecondText = (whole + ".").getBytes(StandardCharsets.US_ASCII);
            cachedSecond = second;
        }
        put(cachedSecondText);
        reserve(DIGITS_MAX);
        putDigits(Math.floorMod(epochNanos, EpochNanos.PER_SECOND), 9);
        return put('Z');
    }

    /**
     * Bytes that should be UTF-8, as the inside of a JSON string. What is not UTF-8 becomes U+FFFD, one for each maximal
     * part of a broken sequence (Unicode 15, section 3.9, as the WHATWG decoder does it).
     */
    LineBuffer putText(byte[] source, int offset, int count) {
        int end = offset + count;
        int at = offset;
        while (at < end) {
            int run = plainRun(source, at, end);
            if (run > 0) {
                put(source, at, run);
                at += run;
                continue;
            }
            byte b = source[at];
            if (b >= 0) {
                putEscaped(b);
                at++;
            } else {
                at += putSequence(source, at, end);
            }
        }
        return this;
    }

    /** How many bytes from here on stand in a JSON string as they are: ASCII without controls, quote and backslash. */
    private static int plainRun(byte[] source, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = (long) LONGS.get(source, at);
            long quote = word ^ (ONES * '"');
            long backslash = word ^ (ONES * '\\');
            long special = ((word - ONES * 0x20) & ~word)
                    | ((quote - ONES) & ~quote)
                    | ((backslash - ONES) & ~backslash)
                    | word;
            special &= HIGHS;
            if (special != 0) {
                // The lowest marked byte is exact; borrows only falsify marks above it.
                return at - from + (Long.numberOfTrailingZeros(special) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < end && source[at] >= 0x20 && source[at] != '"' && source[at] != '\\') {
            at++;
        }
        return at - from;
    }

    private void putEscaped(byte b) {
        reserve(6);
        bytes[length++] = '\\';
        switch (b) {
            case '"' -> bytes[length++] = '"';
            case '\\' -> bytes[length++] = '\\';
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            case '\b' -> bytes[length++] = 'b';
            case '\f' -> bytes[length++] = 'f';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 0xf];
            }
        }
    }

    /** One sequence that begins with a byte of 0x80 or more; returns how many bytes it took from the source. */
    private int putSequence(byte[] source, int at, int end) {
        int lead = source[at] & 0xff;
        int size = lead >= 0xc2 && lead <= 0xdf
                ? 2
                : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
        int valid = 1;
        while (valid < size && at + valid < end && continues(lead, valid, source[at + valid] & 0xff)) {
            valid++;
        }
        if (size > 1 && valid == size) {
            put(source, at, size);
        } else {
            reserve(3);
            bytes[length++] = (byte) 0xef;
            bytes[length++] = (byte) 0xbf;
            bytes[length++] = (byte) 0xbd;
        }
        return valid;
    }

    /** Table 3-7 of the Unicode standard: the second byte is restricted after some first bytes. */
    private static boolean continues(int lead, int position, int b) {
        int low = 0x80;
        int high = 0xbf;
        if (position == 1) {
            switch (lead) {
                case 0xe0 -> low = 0xa0;
                case 0xed -> high = 0x9f;
                case 0xf0 -> low = 0x90;
                case 0xf4 -> high = 0x8f;
                default -> {}
            }
        }
        return b >= low && b <= high;
    }

    private void putDigits(long value, int digits) {
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.max(sizeFirst, bytes.length * 2)));
        }
    }
}
