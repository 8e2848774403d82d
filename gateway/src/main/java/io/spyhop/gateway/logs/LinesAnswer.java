package io.spyhop.gateway.logs;

import io.spyhop.contracts.log.LinesPage;
import io.spyhop.gateway.stream.Rows;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A page of lines as JSON: the rows with commas between them; no line is parsed. */
final class LinesAnswer {
    private LinesAnswer() {}

    /**
     * The whole answer.
     *
     * @param newestFirst whether the rows are turned round
     * @param context whether it is told which lines match
     */
    static byte[] of(LinesPage page, boolean newestFirst, boolean context) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(page.ndjson().length + 64);
        text(body, "{\"items\":[");
        body.writeBytes(Rows.commaSeparated(newestFirst ? reversed(page.ndjson()) : page.ndjson()));
        text(body, "],\"through\":" + page.through() + ",\"more\":" + page.more());
        if (context) {
            text(body, ",\"matched\":" + Arrays.toString(page.matched()).replace(" ", ""));
        }
        text(body, "}");
        return body.toByteArray();
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

    private static void text(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
