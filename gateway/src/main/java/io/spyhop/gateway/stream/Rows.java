package io.spyhop.gateway.stream;

import io.spyhop.contracts.log.LineMatcher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds its way in stored rows of NDJSON without parsing JSON: members stand in a known order, and the message after them. */
public final class Rows {
    /** Ends a row. */
    public static final byte LINE_FEED = '\n';

    private static final byte[] NUMBER = ascii("\"lineNo\":");
    private static final byte[] AT = ascii("\"at\":\"");
    private static final byte[] STREAM = ascii("\"stream\":\"");
    private static final byte[] MESSAGE = ascii("\"message\":\"");
    private static final byte[] PARTIAL = ascii(",\"partial\":true}");

    private Rows() {}

    /** Where the row that begins here ends: its line feed, or the end of all. */
    public static int end(byte[] ndjson, int from) {
        return LineMatcher.rowEnd(ndjson, from, ndjson.length);
    }

    /** The number of a row; -1 where it has none. */
    public static long number(byte[] ndjson, int from, int to) {
        int at = find(ndjson, NUMBER, from, to);
        if (at < 0) {
            return -1;
        }
        long number = 0;
        int digits = 0;
        at += NUMBER.length;
        for (; at < to && ndjson[at] >= '0' && ndjson[at] <= '9' && digits < 18; at++, digits++) {
            number = number * 10 + (ndjson[at] - '0');
        }
        return digits == 0 ? -1 : number;
    }

    /** The time of a row; empty where it has none. */
    public static String at(byte[] ndjson, int from, int to) {
        return value(ndjson, AT, from, to);
    }

    /** The stream of a row; empty where it has none. */
    public static String stream(byte[] ndjson, int from, int to) {
        return value(ndjson, STREAM, from, to);
    }

    /** Where the JSON text of the message begins; -1 where there is none. */
    public static int message(byte[] ndjson, int from, int to) {
        int at = find(ndjson, MESSAGE, from, to);
        return at < 0 ? -1 : at + MESSAGE.length;
    }

    /** Where a JSON text ends: at its quote. */
    public static int textEnd(byte[] ndjson, int from, int to) {
        int at = from;
        while (at < to && ndjson[at] != '"') {
            at += ndjson[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, to);
    }

    /** Whether the line goes on in the next row of its stream. */
    public static boolean isPartial(byte[] ndjson, int from, int to) {
        int at = to - PARTIAL.length;
        return at >= from && Arrays.equals(ndjson, at, to, PARTIAL, 0, PARTIAL.length);
    }

    /** Rows as the items of a JSON list. */
    public static byte[] commaSeparated(byte[] ndjson) {
        boolean ended = ndjson.length > 0 && ndjson[ndjson.length - 1] == LINE_FEED;
        byte[] items = Arrays.copyOf(ndjson, ended ? ndjson.length - 1 : ndjson.length);
        for (int i = 0; i < items.length; i++) {
            if (items[i] == LINE_FEED) {
                items[i] = ',';
            }
        }
        return items;
    }

    static int find(byte[] in, byte[] what, int from, int to) {
        for (int at = from; at <= to - what.length; at++) {
            if (in[at] == what[0] && Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }

    static int indexOf(byte[] in, byte what, int from, int to) {
        for (int at = from; at < to; at++) {
            if (in[at] == what) {
                return at;
            }
        }
        return -1;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String value(byte[] ndjson, byte[] name, int from, int to) {
        int at = find(ndjson, name, from, to);
        if (at < 0) {
            return "";
        }
        int start = at + name.length;
        int end = textEnd(ndjson, start, to);
        return new String(ndjson, start, end - start, StandardCharsets.UTF_8);
    }
}
