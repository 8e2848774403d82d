package io.spyhop.logs.number;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.CodingErrorAction;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineBufferTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void shouldEscapeWhatJsonReserves() {
        assertThat(text("a\"b\\c\n\t\r\b\f\u0000\u001f\u007f".getBytes(UTF_8)))
                .isEqualTo("a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0000\\u001f\u007f");
    }

    @Test
    void shouldKeepValidUtf8() {
        String text = "Grüße 漢字 🐳 \u0080\u07ff\u0800\uffff";
        assertThat(text(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @Test
    void shouldReplaceEachMaximalPartOfABrokenSequence() {
        assertThat(text(bytes(0xff))).isEqualTo("\ufffd");
        assertThat(text(bytes('a', 0xc3))).isEqualTo("a\ufffd");
        assertThat(text(bytes(0xe2, 0x82, 'x'))).isEqualTo("\ufffdx");
        assertThat(text(bytes(0xf0, 0x9f, 0x90, 0xf0, 0x9f, 0x90, 0xb3))).isEqualTo("\ufffd\uD83D\uDC33");
        assertThat(text(bytes(0xed, 0xa0, 0x80))).as("a lone surrogate").isEqualTo("\ufffd\ufffd\ufffd");
        assertThat(text(bytes(0xc0, 0xaf))).as("an overlong form").isEqualTo("\ufffd\ufffd");
        assertThat(text(bytes(0xf4, 0x90, 0x80, 0x80))).as("above U+10FFFF").isEqualTo("\ufffd\ufffd\ufffd\ufffd");
    }

    @Test
    void shouldDecodeAnyBytesAsTheJdkDoes() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                // Mostly text, so that runs of every length meet specials at every position.
                bytes[i] = random.nextInt(4) == 0 ? bytes[i] : (byte) (' ' + random.nextInt(90));
            }
            String expected = UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
            // The JDK counts the parts of some broken sequences differently from the standard.
            assertThat(JSON.readValue("\"" + text(bytes) + "\"", String.class).replaceAll("\ufffd+", "\ufffd"))
                    .isEqualTo(expected.replaceAll("\ufffd+", "\ufffd"));
        }
    }

    @Test
    void shouldWriteTimesWithNineDigits() {
        LineBuffer buffer = new LineBuffer();
        buffer.putTime(1_763_867_045_000_000_001L)
                .put(' ')
                .putTime(1_763_867_040_999_999_999L)
                .put(' ')
                .putTime(0);
        assertThat(string(buffer))
                .isEqualTo(
                        "2025-11-23T03:04:05.000000001Z 2025-11-23T03:04:00.999999999Z 1970-01-01T00:00:00.000000000Z");
    }

    @Test
    void shouldWriteNumbers() {
        LineBuffer buffer = new LineBuffer();
        buffer.putNumber(0)
                .put(' ')
                .putNumber(9)
                .put(' ')
                .putNumber(10)
                .put(' ')
                .putNumber(Long.MAX_VALUE);
        assertThat(string(buffer)).isEqualTo("0 9 10 9223372036854775807");
    }

    @Test
    void shouldTakeAtOnceWhatTheFormerCameToWhenItIsTheNext() {
        // Given
        LineBuffer former = new LineBuffer().put(new byte[100_000]);

        // When
        LineBuffer next = former.next();

        // Then: nothing while it waits for a line
        assertThat(next.array()).isEmpty();
        assertThat(string(next.put("a".getBytes(UTF_8)))).isEqualTo("a");
        assertThat(next.array()).hasSizeBetween(100_001, 110_000);
        assertThat(next.next().put('b').array()).hasSizeLessThan(2_000);
    }

    private static String text(byte[] bytes) {
        LineBuffer buffer = new LineBuffer();
        buffer.putText(bytes, 0, bytes.length);
        return string(buffer);
    }

    private static String string(LineBuffer buffer) {
        return new String(buffer.array(), 0, buffer.length(), UTF_8);
    }

    private static byte[] bytes(int... values) {
        StringBuilder text = new StringBuilder();
        for (int value : values) {
            text.append((char) value);
        }
        return text.toString().getBytes(ISO_8859_1);
    }
}
