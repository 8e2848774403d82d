package io.spyhop.engine.docker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one entry of a file that Docker's json-file driver writes: {@code {"log":"text\\n","stream":"stdout","time":"…"}},
 * with {@code "attrs":{…}} before the time where labels are logged. The text is decoded where it stands, so nothing is
 * allocated. The order of the members is the driver's own (moby, {@code jsonlog}). Not thread-safe.
 */
final class JsonFileEntry {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final byte[] LOG = ascii("{\"log\":\"");
    private static final byte[] STREAM = ascii("\",\"stream\":\"std");
    private static final byte[] TIME = ascii("\"time\":\"");

    private final LogTimestamp timestamp = new LogTimestamp();
    private boolean error;
    private int from;
    private int to;

    /**
     * Reads the entry between two places, without its line end; what stands there is changed. False where it is none.
     */
    boolean read(byte[] bytes, int begin, int end) {
        if (!startsWith(bytes, begin, end, LOG) || !readTime(bytes, begin, end)) {
            return false;
        }
        from = begin + LOG.length;
        int quote = decodeText(bytes, from, end);
        int stream = quote + STREAM.length;
        if (quote < 0 || stream >= end || !startsWith(bytes, quote, end, STREAM)) {
            return false;
        }
        error = bytes[stream] == 'e';
        return true;
    }

    /** The place where the last entry seems to begin; the end where none does. Inside a text the quotes are escaped. */
    static int indexOfBegin(byte[] bytes, int from, int end) {
        for (int i = end - LOG.length; i >= from; i--) {
            if (startsWith(bytes, i, end, LOG)) {
                return i;
            }
        }
        return end;
    }

    /** Reads the time alone; nothing else is changed. False where there is none. */
    boolean readTime(byte[] bytes, int begin, int end) {
        // The time stands last: quote, brace.
        int last = end - LogTimestamp.TEXT_BYTES_MAX - TIME.length - 2;
        for (int i = end - TIME.length; i >= Math.max(begin, last); i--) {
            if (bytes[i] == '"' && startsWith(bytes, i, end, TIME)) {
                return timestamp.read(bytes, i + TIME.length, end, '"');
            }
        }
        return false;
    }

    /** Whether a program wrote it to stderr. */
    boolean error() {
        return error;
    }

    /** When the engine read it, nanoseconds since the epoch. */
    long atNanos() {
        return timestamp.nanos();
    }

    /** Where the text begins. */
    int from() {
        return from;
    }

    /** Where the text ends, its line end included. */
    int to() {
        return to;
    }

    /** Decodes a JSON string in place and sets its end; the place of the closing quote, -1 where there is none. */
    private int decodeText(byte[] bytes, int begin, int end) {
        int read = indexOfSpecial(bytes, begin, end);
        int write = read;
        while (read < end) {
            byte b = bytes[read];
            if (b == '"') {
                to = write;
                return read;
            }
            if (b != '\\') {
                int run = indexOfSpecial(bytes, read, end) - read;
                System.arraycopy(bytes, read, bytes, write, run);
                read += run;
                write += run;
            } else if (read + 1 < end && bytes[read + 1] == 'u') {
                int code = hex(bytes, read + 2, end);
                if (code < 0) {
                    return -1;
                }
                read += 6;
                if (Character.isHighSurrogate((char) code)
                        && read + 1 < end
                        && bytes[read] == '\\'
                        && bytes[read + 1] == 'u') {
                    int low = hex(bytes, read + 2, end);
                    if (low >= 0 && Character.isLowSurrogate((char) low)) {
                        code = Character.toCodePoint((char) code, (char) low);
                        read += 6;
                    }
                }
                write = encode(bytes, write, code);
            } else if (read + 1 < end) {
                bytes[write++] = unescaped(bytes[read + 1]);
                read += 2;
            } else {
                return -1;
            }
        }
        return -1;
    }

    private static byte unescaped(byte escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escape;
        };
    }

    /** UTF-8 never needs more bytes than the escape did. A lone surrogate becomes U+FFFD. */
    private static int encode(byte[] bytes, int at, int code) {
        int write = at;
        if (code < 0x80) {
            bytes[write++] = (byte) code;
        } else if (code < 0x800) {
            bytes[write++] = (byte) (0xc0 | (code >> 6));
            bytes[write++] = (byte) (0x80 | (code & 0x3f));
        } else if (code < 0x10000) {
            int whole = Character.isSurrogate((char) code) ? 0xfffd : code;
            bytes[write++] = (byte) (0xe0 | (whole >> 12));
            bytes[write++] = (byte) (0x80 | ((whole >> 6) & 0x3f));
            bytes[write++] = (byte) (0x80 | (whole & 0x3f));
        } else {
            bytes[write++] = (byte) (0xf0 | (code >> 18));
            bytes[write++] = (byte) (0x80 | ((code >> 12) & 0x3f));
            bytes[write++] = (byte) (0x80 | ((code >> 6) & 0x3f));
            bytes[write++] = (byte) (0x80 | (code & 0x3f));
        }
        return write;
    }

    private static int hex(byte[] bytes, int at, int end) {
        if (at + 4 > end) {
            return -1;
        }
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }

    /** The place of the next quote or backslash; the end where there is none. */
    private static int indexOfSpecial(byte[] bytes, int begin, int end) {
        int at = begin;
        while (at + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, at);
            long quote = word ^ (ONES * '"');
            long backslash = word ^ (ONES * '\\');
            long special = (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash)) & HIGHS;
            if (special != 0) {
                return at + (Long.numberOfTrailingZeros(special) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    private static boolean startsWith(byte[] bytes, int at, int end, byte[] text) {
        return at + text.length <= end && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
