package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Sample(String name, Instant at) {}

    @Test
    void shouldWriteTimesAsTextWithNanoseconds() {
        // When
        byte[] json = Json.write(new Sample("a", Instant.parse("2026-11-22T03:04:05.123456789Z")));

        // Then
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"a\",\"at\":\"2026-11-22T03:04:05.123456789Z\"}");
    }

    @Test
    void shouldIgnoreAFieldWhenItIsUnknown() throws IOException {
        // When
        Sample read = Json.read(utf8("{\"name\":\"a\",\"later\":{\"x\":[1]}}"), Sample.class);

        // Then
        assertThat(read.name()).isEqualTo("a");
    }

    @Test
    void shouldRefuseWhatIsNoValue() {
        // Then
        assertThatThrownBy(() -> Json.read(utf8("null"), Sample.class)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Json.read(utf8("{\"name\":"), Sample.class)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Json.read(utf8("[]"), Sample.class)).isInstanceOf(IOException.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
