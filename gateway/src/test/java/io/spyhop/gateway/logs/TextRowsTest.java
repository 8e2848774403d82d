package io.spyhop.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextRowsTest {
    private static final String PARTIAL = ",\"partial\":true";

    @Test
    void shouldWriteWhatTheProgramWroteWhenRowsAreEscaped() throws IOException {
        assertThat(text(
                        false,
                        row("stdout", "plain ünï 🐳", ""),
                        row("stdout", "tab\\t quote\\\" back\\\\slash \\/ \\b\\f\\n\\r", ""),
                        row("stdout", "\\" + "u001b[1m \\" + "u00e9 \\" + "ud83d\\" + "udc33", ""),
                        row("stderr", "", "")))
                .isEqualTo("plain ünï 🐳\ntab\t quote\" back\\slash / \b\f\n\r\n\u001b[1m é 🐳\n\n");
    }

    @Test
    void shouldJoinPiecesWhenALineWasStoredInSome() throws IOException {
        assertThat(text(
                        false,
                        row("stdout", "a", PARTIAL),
                        row("stdout", "b", PARTIAL),
                        row("stdout", "c", ""),
                        row("stdout", "d", PARTIAL),
                        row("stderr", "e", ""),
                        row("stdout", "f", PARTIAL)))
                .isEqualTo("abc\nd\ne\nf\n");
    }

    @Test
    void shouldPutTimeAndStreamInFrontWhenAskedFor() throws IOException {
        assertThat(text(true, row("stdout", "a", PARTIAL), row("stdout", "b", ""), row("stderr", "c", "")))
                .isEqualTo("2026-01-01T00:00:00.5Z stdout ab\n2026-01-01T00:00:00.5Z stderr c\n");
    }

    private static String row(String stream, String message, String more) {
        return "{\"lineNo\":1,\"at\":\"2026-01-01T00:00:00.5Z\",\"stream\":\"" + stream
                + "\",\"level\":\"info\",\"message\":\"" + message + "\"" + more + "}\n";
    }

    private static String text(boolean timestamps, String... rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextRows text = new TextRows(out, timestamps);
        for (String row : rows) {
            text.write(row.getBytes(StandardCharsets.UTF_8));
        }
        text.end();
        return out.toString(StandardCharsets.UTF_8);
    }
}
