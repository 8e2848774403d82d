package io.spyhop.engine.kernel;

import io.spyhop.engine.Counters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The text of one kernel file, and the numbers in it. It is filled again and again: hot path, nothing is allocated here.
 * Confined to one thread at a time.
 */
final class ScanBuffer {
    /** The longest of these files (memory.stat of version 2, and traffic of some hundred interfaces) has a few KiB. */
    private static final int CAPACITY = 64 * 1024;

    /**
     * The kernel hands files out by the page. A shorter piece is the last: none of their records, which are not cut, is so
     * long that it would not have found room.
     */
    private static final int LAST_PIECE_MAX = 2048;

    private final ByteBuffer direct = ByteBuffer.allocateDirect(CAPACITY);
    private final byte[] bytes = new byte[CAPACITY];
    private int length;
    private int at;

    /** Reads a file from its begin. */
    void fill(FileChannel file) throws IOException {
        direct.clear();
        int read = file.read(direct, 0);
        while (read >= LAST_PIECE_MAX && direct.hasRemaining()) {
            read = file.read(direct, direct.position());
        }
        length = direct.position();
        direct.flip();
        direct.get(bytes, 0, length);
        at = 0;
    }

    /** The number at the begin; {@link Counters#UNKNOWN} where there is none, as in {@code max}. */
    long only() {
        at = 0;
        return number();
    }

    /**
     * The number behind a key that begins a line; {@link Counters#UNKNOWN} where there is no such line. It is looked for from
     * the last one on, so that keys that are asked for in the order of the file are found in one pass.
     */
    long value(byte[] key) {
        if (at > 0) {
            nextLine();
        }
        int from = at;
        long below = value(key, length);
        if (below != Counters.UNKNOWN || from == 0) {
            return below;
        }
        at = 0;
        return value(key, from);
    }

    private long value(byte[] key, int end) {
        while (at < end) {
            if (startsWith(key) && at + key.length < length && bytes[at + key.length] == ' ') {
                at += key.length + 1;
                return number();
            }
            nextLine();
        }
        return Counters.UNKNOWN;
    }

    /** Goes to the begin. */
    void rewind() {
        at = 0;
    }

    /** Whether there is more. */
    boolean hasMore() {
        return at < length;
    }

    /** Goes to the line after this one. */
    void nextLine() {
        while (at < length && bytes[at] != '\n') {
            at++;
        }
        at++;
    }

    /** Passes over blanks. */
    void skipBlanks() {
        while (at < length && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
    }

    /** Passes over the blanks here and the word behind them. */
    void skipWord() {
        skipBlanks();
        while (at < length && bytes[at] != ' ' && bytes[at] != '\n') {
            at++;
        }
    }

    /** Whether the text goes on like this here. */
    boolean startsWith(byte[] text) {
        if (at + text.length > length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Goes to behind the next such character of this line; false where the line has none, which then is at its end. */
    boolean skipPast(char character) {
        while (at < length && bytes[at] != '\n') {
            if (bytes[at++] == character) {
                return true;
            }
        }
        return false;
    }

    /** Whether the line is over. */
    boolean atLineEnd() {
        return at >= length || bytes[at] == '\n';
    }

    /** The number behind the blanks here; {@link Counters#UNKNOWN} where there is none. */
    long number() {
        skipBlanks();
        long value = Counters.UNKNOWN;
        while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
            int digit = bytes[at++] - '0';
            value = value < 0 ? digit : value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return value;
    }
}
