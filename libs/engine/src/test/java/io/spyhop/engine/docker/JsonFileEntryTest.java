package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFileEntryTest {
    private static final String TIME = "2026-11-22T03:04:05.1234Z";
    private static final long NANOS = Instant.parse(TIME).getEpochSecond() * 1_000_000_000L + 123_400_000L;

    private final JsonFileEntry entry = new JsonFileEntry();

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "hello, hello",
                "a longer text without anything special, a longer text without anything special",
                "``, ``",
                "say \\\"hi\\\" to C:\\\\temp, say \"hi\" to C:\\temp",
                "\\u003ca\\u003e \\u0026 \\u0000 \\u001b[31m, <a> & \u0000 \u001b[31m",
                "\\u20ac \\u00e9 \\ufffd, \u20ac \u00e9 \ufffd",
                "\\ud83d\\ude00 and \\ud83d alone, \ud83d\ude00 and \ufffd alone",
                "tab\\tand\\rreturn\\b\\f\\/, tab\tand\rreturn\b\f/",
            })
    void shouldReadATextAsItWasWritten(String written, String text) {
        // When
        byte[] bytes = line("{\"log\":\"" + written + "\\n\",\"stream\":\"stderr\",\"time\":\"" + TIME + "\"}");
        boolean read = entry.read(bytes, 0, bytes.length);
        // Then
        assertThat(read).isTrue();
        assertThat(new String(bytes, entry.from(), entry.to() - entry.from(), UTF_8))
                .isEqualTo(text + "\n");
        assertThat(entry.atNanos()).isEqualTo(NANOS);
        assertThat(entry.error()).isTrue();
    }

    @Test
    void shouldPassOverLabelsBeforeTheTime() {
        // Given
        byte[] bytes =
                line("{\"log\":\"x\",\"stream\":\"stdout\",\"attrs\":{\"time\":\"noon\",\"a\":\"\\\"\"},\"time\":\""
                        + TIME + "\"}");
        // When, Then
        assertThat(entry.read(bytes, 0, bytes.length)).isTrue();
        assertThat(bytes[entry.from()]).isEqualTo((byte) 'x');
        assertThat(entry.to() - entry.from()).isEqualTo(1);
        assertThat(entry.atNanos()).isEqualTo(NANOS);
        assertThat(entry.error()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"log\":\"",
                "{\"log\":\"x\\",
                "{\"log\":\"x\",\"stream\":\"std",
                "{\"log\":\"x\\u12\",\"stream\":\"stdout\",\"time\":\"" + TIME + "\"}",
                "{\"log\":\"x\",\"stream\":\"stdout\",\"time\":\"never\"}",
                "{\"log\":\"x{\"log\":\"y\",\"stream\":\"stdout\",\"time\":\"" + TIME + "\"}",
                "text"
            })
    void shouldSayThatItIsNone(String broken) {
        byte[] bytes = line(broken);
        assertThat(entry.read(bytes, 0, bytes.length)).isFalse();
    }

    private static byte[] line(String text) {
        return text.getBytes(UTF_8);
    }
}
