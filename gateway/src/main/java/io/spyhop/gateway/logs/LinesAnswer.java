package io.spyhop.gateway.logs;

import io.spyhop.contracts.log.LinesPage;
import io.spyhop.gateway.stream.Rows;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A page of lines as JSON: the rows with commas between them; no line is parsed. */
final class LinesAnswer {
    private static final byte[] BEGIN = ascii("{\"items\":[");

    private LinesAnswer() {}

    /**
     * The whole answer.
     *
     * @param newestFirst whether the rows are turned round
     * @param context whether it is told which lines match
     */
    static byte[] of(LinesPage page, boolean newestFirst, boolean context) {
        byte[] rows = newestFirst ? reversed(page.ndjson()) : page.ndjson();
        byte[] end =
                ascii("],\"through\":" + page.through() + ",\"more\":" + page.more() + matched(page, context) + "}");
        int length = rows.length > 0 && rows[rows.length - 1] == Rows.LINE_FEED ? rows.length - 1 : rows.length;
        byte[] body = new byte[BEGIN.length + length + end.length];
        System.arraycopy(BEGIN, 0, body, 0, BEGIN.length);
        for (int i = 0; i < length; i++) {
            body[BEGIN.length + i] = rows[i] == Rows.LINE_FEED ? (byte) ',' : rows[i];
        }
        System.arraycopy(end, 0, body, BEGIN.length + length, end.length);
        return body;
    }

    private static String matched(LinesPage page, boolean context) {
        return context ? ",\"matched\":" + Arrays.toString(page.matched()).replace(" ", "") : "";
    }

    private static byte[] reversed(byte[] ndjson) {
        byte[] turned = new byte[ndjson.length];
        int at = ndjson.length;
        for (int from = 0; from < ndjson.length; ) {
            int next = Math.min(Rows.end(ndjson, from) + 1, ndjson.length);
            at -= next - from;
            System.arraycopy(ndjson, from, turned, at, next - from);
            from = next;
        }
        return turned;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
