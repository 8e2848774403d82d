package io.spyhop.gateway.logs;

import io.spyhop.gateway.stream.Rows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes rows as plain text, a message a line. A line that was stored in pieces becomes one again, as long as nothing of
 * another stream comes between. Used by one thread.
 */
final class TextRows {
    private final OutputStream out;
    private final boolean timestamps;
    /** The stream of the piece that was written last; empty after a whole line. */
    private String open = "";

    /**
     * Writes to a stream.
     *
     * @param timestamps whether time and stream stand before each line
     */
    TextRows(OutputStream out, boolean timestamps) {
        this.out = out;
        this.timestamps = timestamps;
    }

    /** Writes rows. */
    void write(byte[] ndjson) throws IOException {
        for (int from = 0; from < ndjson.length; ) {
            int to = Rows.end(ndjson, from);
            row(ndjson, from, to);
            from = to + 1;
        }
    }

    /** Ends a line whose last piece did not come. */
    void end() throws IOException {
        if (!open.isEmpty()) {
            out.write('\n');
            open = "";
        }
    }

    private void row(byte[] ndjson, int from, int to) throws IOException {
        int start = Rows.message(ndjson, from, to);
        if (start < 0) {
            return;
        }
        boolean partial = Rows.isPartial(ndjson, from, to);
        // Only where it matters: nearly all lines are whole ones, without their time.
        String stream = partial || timestamps || !open.isEmpty() ? Rows.stream(ndjson, from, to) : "";
        if (!open.equals(stream)) {
            end();
        }
        if (timestamps && open.isEmpty()) {
            out.write((Rows.at(ndjson, from, to) + " " + stream + " ").getBytes(StandardCharsets.UTF_8));
        }
        text(ndjson, start, Rows.textEnd(ndjson, start, to));
        if (partial) {
            open = stream;
        } else {
            open = "";
            out.write('\n');
        }
    }

    private void text(byte[] json, int from, int to) throws IOException {
        int plain = from;
        int at = from;
        while (at < to) {
            if (json[at] == '\\' && at + 1 < to) {
                out.write(json, plain, at - plain);
                at = escaped(json, at + 1, to);
                plain = at;
            } else {
                at++;
            }
        }
        out.write(json, plain, to - plain);
    }

    /** Writes what an escape stands for; gives where it ends. */
    private int escaped(byte[] json, int at, int to) throws IOException {
        if (json[at] != 'u') {
            out.write(
                    switch (json[at]) {
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        default -> json[at];
                    });
            return at + 1;
        }
        StringBuilder units = new StringBuilder(2);
        int next = at;
        do {
            units.append((char) hex(json, next + 1, to));
            next = Math.min(next + 5, to);
        } while (units.length() == 1
                && Character.isHighSurrogate(units.charAt(0))
                && next + 1 < to
                && json[next] == '\\'
                && json[next + 1] == 'u'
                && next++ < to);
        out.write(units.toString().getBytes(StandardCharsets.UTF_8));
        return next;
    }

    private static int hex(byte[] json, int from, int to) {
        int value = 0;
        for (int i = from; i < Math.min(from + 4, to); i++) {
            value = value * 16 + Math.max(0, Character.digit(json[i], 16));
        }
        return value;
    }
}
