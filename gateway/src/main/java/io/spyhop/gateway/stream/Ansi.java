package io.spyhop.gateway.stream;

import java.util.Arrays;

/**
 * Leaves the escape sequences of terminals (ECMA-48) out of messages: control sequences such as colours, command strings
 * such as titles and links, and single ones. It works on rows as they are stored, where ESC stands as {@code \}{@code
 * u001b}. A sequence that does not end takes nothing with it that could be read. The eight-bit forms (U+0080 to U+009F)
 * stay: in UTF-8 no program writes them, and terminals ignore them.
 */
public final class Ansi {
    private static final int ESCAPE_LENGTH = 6;
    private static final byte[] ESCAPE = Rows.ascii("\\u001b");
    private static final byte[] ESCAPE_CAPITAL = Rows.ascii("\\u001B");
    private static final int ESC = 0x1b;
    private static final int BEL = 0x07;

    private final byte[] in;
    private final byte[] out;
    private int length;

    private Ansi(byte[] in) {
        this.in = in;
        this.out = new byte[in.length];
    }

    /** The rows without them; the same array where there are none. */
    public static byte[] strip(byte[] ndjson) {
        if (escape(ndjson, 0, ndjson.length) < 0) {
            return ndjson;
        }
        Ansi ansi = new Ansi(ndjson);
        for (int from = 0; from < ndjson.length; ) {
            int to = Rows.end(ndjson, from);
            int next = Math.min(to + 1, ndjson.length);
            ansi.row(from, to);
            ansi.copy(to, next);
            from = next;
        }
        return Arrays.copyOf(ansi.out, ansi.length);
    }

    private void row(int from, int to) {
        int start = Rows.message(in, from, to);
        if (start < 0) {
            copy(from, to);
            return;
        }
        int end = Rows.textEnd(in, start, to);
        int kept = from;
        for (int at = start; at < end; ) {
            if (unit(at) == ESC) {
                copy(kept, at);
                kept = sequence(at + ESCAPE_LENGTH, end);
                at = kept;
            } else {
                at = next(at);
            }
        }
        copy(kept, to);
    }

    /** Where the sequence ends whose ESC has just been read. */
    private int sequence(int from, int end) {
        if (from >= end) {
            return from;
        }
        int after = next(from);
        return switch (unit(from)) {
            case '[' -> control(after, end);
            case ']', 'P', 'X', '^', '_' -> string(after, end);
            default -> single(from, end);
        };
    }

    /** Parameters, intermediate ones, and a final character. */
    private int control(int from, int end) {
        int at = run(run(from, end, 0x30, 0x3f), end, 0x20, 0x2f);
        return at < end && in(unit(at), 0x40, 0x7e) ? next(at) : at;
    }

    /** Up to BEL, or ESC with a backslash. */
    private int string(int from, int end) {
        for (int at = from; at < end; at = next(at)) {
            int unit = unit(at);
            if (unit == BEL) {
                return next(at);
            }
            if (unit == ESC) {
                int last = next(at);
                return last < end && unit(last) == '\\' ? next(last) : from;
            }
        }
        return from;
    }

    private int single(int from, int end) {
        int at = run(from, end, 0x20, 0x2f);
        return at < end && in(unit(at), 0x30, 0x7e) ? next(at) : at;
    }

    private int run(int from, int end, int lowest, int highest) {
        int at = from;
        while (at < end && in(unit(at), lowest, highest)) {
            at = next(at);
        }
        return at;
    }

    private static boolean in(int unit, int lowest, int highest) {
        return unit >= lowest && unit <= highest;
    }

    /** The character at a place of JSON text, or a byte of it where it is none of ASCII. */
    private int unit(int at) {
        if (in[at] != '\\' || at + 1 >= in.length) {
            return in[at] & 0xff;
        }
        return switch (in[at + 1]) {
            case 'u' -> hex(at + 2);
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> in[at + 1];
        };
    }

    private int next(int at) {
        if (in[at] != '\\' || at + 1 >= in.length) {
            return at + 1;
        }
        return in[at + 1] == 'u' ? at + ESCAPE_LENGTH : at + 2;
    }

    private int hex(int from) {
        int value = 0;
        for (int i = 0; i < 4 && from + i < in.length; i++) {
            value = value * 16 + Math.max(0, Character.digit(in[from + i], 16));
        }
        return value;
    }

    private void copy(int from, int to) {
        if (to > from) {
            System.arraycopy(in, from, out, length, to - from);
            length += to - from;
        }
    }

    private static int escape(byte[] in, int from, int to) {
        int small = Rows.find(in, ESCAPE, from, to);
        return small >= 0 ? small : Rows.find(in, ESCAPE_CAPITAL, from, to);
    }
}
