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
        byte[] items = Rows.commaSeparated(newestFirst ? reversed(page.ndjson()) : page.ndjson());
        byte[] end =
                ascii("],\"through\":" + page.through() + ",\"more\":" + page.more() + matched(page, context) + "}");
        byte[] body = Arrays.copyOf(BEGIN, BEGIN.length + items.length + end.length);
        System.arraycopy(items, 0, body, BEGIN.length, items.length);
        System.arraycopy(end, 0, body, BEGIN.length + items.length, end.length);
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
