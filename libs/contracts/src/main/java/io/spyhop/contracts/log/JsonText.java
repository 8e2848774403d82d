package io.spyhop.contracts.log;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Reads the inside of a JSON string, or JSON as plain text, character by character. Not thread-safe. */
final class JsonText {
    private final byte[] bytes;
    private final int to;
    private final boolean escapes;
    private int at;

    /** @param escapes whether a backslash stands for something else */
    JsonText(byte[] bytes, int from, int to, boolean escapes) {
        this.bytes = bytes;
        this.at = from;
        this.to = to;
        this.escapes = escapes;
    }

    /** The next code point; -1 at the end. */
    int next() {
        if (at >= to) {
            return -1;
        }
        int b = bytes[at++];
        if (b >= 0) {
            return b == '\\' && escapes && at < to ? escaped() : b;
        }
        int more = (b & 0xe0) == 0xc0 ? 1 : (b & 0xf0) == 0xe0 ? 2 : 3;
        int codePoint = b & (0x3f >> more);
        for (; more > 0 && at < to; more--) {
            codePoint = codePoint << 6 | (bytes[at++] & 0x3f);
        }
        return codePoint;
    }

    private int escaped() {
        byte b = bytes[at++];
        return switch (b) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                int value = 0;
                for (int end = Math.min(at + 4, to); at < end; at++) {
                    value = value << 4 | Character.digit(bytes[at], 16);
                }
                yield value;
            }
            default -> b;
        };
    }

    static String unescaped(byte[] bytes, int from, int to) {
        // Nothing grows when it is unescaped.
        byte[] text = new byte[to - from];
        int length = 0;
        int at = from;
        while (at < to) {
            int escape = ByteScan.indexOf(bytes, at, to, '\\');
            System.arraycopy(bytes, at, text, length, escape - at);
            length += escape - at;
            at = escape;
            if (at < to) {
                JsonText in = new JsonText(bytes, at, to, true);
                byte[] character = Character.toString(Math.max(0, in.next())).getBytes(UTF_8);
                System.arraycopy(character, 0, text, length, character.length);
                length += character.length;
                at = in.at;
            }
        }
        return new String(text, 0, length, UTF_8);
    }
}
