package io.spyhop.logs.number;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.LogLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineRendererTest {
    private static final String HEAD = "{\"lineNo\":17,\"at\":\"1970-01-01T00:00:00.000000005Z\",";

    @Test
    void shouldRenderPlainLinesByStream() {
        assertThat(render(Stream.STDOUT, "hi", -1, false))
                .isEqualTo(HEAD + "\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"hi\"}\n");
        assertThat(render(Stream.STDERR, "", -1, false))
                .isEqualTo(HEAD + "\"stream\":\"stderr\",\"level\":\"stderr\",\"message\":\"\"}\n");
        assertThat(render(Stream.SYSTEM, "worker started", 2, false))
                .isEqualTo(
                        HEAD
                                + "\"stream\":\"system\",\"level\":\"system\",\"message\":\"worker started\",\"instance\":2}\n");
    }

    @Test
    void shouldMarkPartialLines() {
        assertThat(render(Stream.STDOUT, "half", -1, true)).endsWith("\"message\":\"half\",\"partial\":true}\n");
    }

    @Test
    void shouldAppendFieldsOfSystemLines() {
        LineBuffer out = new LineBuffer();
        byte[] text = "worker exited".getBytes(UTF_8);
        new LineRenderer()
                .render(
                        out,
                        17,
                        new Line(Stream.SYSTEM, 5, -1, text, 0, text.length, false),
                        "{\"exitCode\":3}".getBytes(UTF_8));
        assertThat(string(out)).endsWith("\"message\":\"worker exited\",\"fields\":{\"exitCode\":3}}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"level\":\"warn\",\"msg\":\"m\"}|warn",
                "{\"severity\":\"CRITICAL\",\"message\":\"m\"}|fatal",
                "{\"lvl\":\"Debug\",\"msg\":\"m\"}|debug",
                "{\"levelname\":\"WARNING\",\"message\":\"m\"}|warn",
                "{\"level\":50,\"msg\":\"m\"}|error",
                "{\"level\":10,\"msg\":\"m\"}|trace",
            })
    void shouldTakeLevelAndMessageFromJson(String line, String level) {
        assertThat(render(Stream.STDERR, line, -1, false))
                .isEqualTo(HEAD + "\"stream\":\"stderr\",\"level\":\"" + level + "\",\"message\":\"m\"}\n");
    }

    @Test
    void shouldKeepTheRestOfJsonAsFields() {
        assertThat(render(
                        Stream.STDOUT,
                        "{\"level\":\"info\",\"user\":{\"id\":7},\"message\":\"a\\nb\",\"x\":null}",
                        -1,
                        false))
                .endsWith("\"level\":\"info\",\"message\":\"a\\nb\",\"fields\":{\"user\":{\"id\":7},\"x\":null}}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"level\":\"info\"}",
                "{\"message\":\"m\"}",
                "{\"level\":\"loud\",\"message\":\"m\"}",
                "{\"level\":\"info\",\"message\":{\"a\":1}}",
                "{\"level\":\"info\",\"message\":\"m\"} {}",
                "{\"level\":\"info\",\"level\":\"warn\",\"message\":\"m\"}",
                "{broken}",
                "\u001enot json",
                "\u001e{\"event\":7}",
            })
    void shouldLeaveEverythingElsePlain(String line) throws Exception {
        String row = render(Stream.STDOUT, line, -1, false);
        JsonNode json = new ObjectMapper().readTree(row);
        assertThat(json.get("level").textValue()).isEqualTo("info");
        assertThat(json.get("message").textValue()).isEqualTo(line);
        assertThat(json.size()).isEqualTo(5);
    }

    @Test
    void shouldReadProgramRecords() {
        assertThat(render(Stream.STDOUT, "\u001e{\"level\":\"error\",\"message\":\"no\"}", -1, false))
                .isEqualTo(HEAD + "\"stream\":\"stdout\",\"level\":\"error\",\"message\":\"no\"}\n");
        assertThat(render(Stream.STDOUT, "\u001e{\"event\":\"sold\",\"data\":{\"id\":1}}", -1, false))
                .isEqualTo(
                        HEAD
                                + "\"stream\":\"stdout\",\"level\":\"event\",\"message\":\"sold: {\\\"id\\\":1}\",\"event\":\"sold\",\"data\":{\"id\":1}}\n");
    }

    @Test
    void shouldCutLongMessagesOfRecordsByCharacters() {
        String whale = "\uD83D\uDC33";
        String message = whale.repeat(LogLimits.RECORD_MESSAGE_CHARACTERS + 1);
        assertThat(render(Stream.STDOUT, "\u001e{\"level\":\"info\",\"message\":\"" + message + "\"}", -1, false))
                .endsWith("\"message\":\"" + whale.repeat(LogLimits.RECORD_MESSAGE_CHARACTERS)
                        + "\",\"truncated\":true}\n");
    }

    private static String render(Stream stream, String text, int instance, boolean partial) {
        byte[] bytes = text.getBytes(UTF_8);
        LineBuffer out = new LineBuffer();
        byte @Nullable [] none = null;
        new LineRenderer().render(out, 17, new Line(stream, 5, instance, bytes, 0, bytes.length, partial), none);
        return string(out);
    }

    private static String string(LineBuffer buffer) {
        return new String(buffer.array(), 0, buffer.length(), UTF_8);
    }
}
