package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RenderingTest {
    @Test
    void shouldFrameEachLineWithItsNumberWhenAsEvents() {
        // When
        Lines lines = render(Rendering.SSE, "{\"lineNo\":7,\"message\":\"é\"}\n{\"lineNo\":9,\"message\":\"b\"}\n", 2);

        // Then
        assertThat(text(lines))
                .isEqualTo("id: 7\ndata: {\"lineNo\":7,\"message\":\"é\"}\n\n"
                        + "id: 9\ndata: {\"lineNo\":9,\"message\":\"b\"}\n\n");
        assertThat(lines.indexAfter(6)).isZero();
        assertThat(lines.indexAfter(7)).isEqualTo(1);
        assertThat(lines.indexAfter(8)).isEqualTo(1);
        assertThat(lines.indexAfter(9)).isEqualTo(2);
    }

    @Test
    void shouldShowFewerLevelsWhenForAnApp() {
        // Given
        String rows = "{\"lineNo\":1,\"level\":\"debug\",\"message\":\"\\\"level\\\":\\\"fatal\\\"\"}\n"
                + "{\"lineNo\":2,\"level\":\"fatal\",\"message\":\"m\"}\n{\"lineNo\":3,\"level\":\"warn\"}\n{}\n";

        // When
        Lines lines = render(Rendering.APP, rows, 4);

        // Then
        assertThat(text(lines))
                .isEqualTo("data: {\"lineNo\":1,\"level\":\"info\",\"message\":\"\\\"level\\\":\\\"fatal\\\"\"}\n\n"
                        + "data: {\"lineNo\":2,\"level\":\"error\",\"message\":\"m\"}\n\n"
                        + "data: {\"lineNo\":3,\"level\":\"warn\"}\n\ndata: {}\n\n");
    }

    @Test
    void shouldCutSlicesAtLinesOnly() {
        // Given
        Lines lines = render(Rendering.NDJSON, "aaaa\nbbbb\ncccccccccccc\nd\n", 4);

        // Then
        assertThat(lines.sliceEnd(0, 10)).isEqualTo(2);
        assertThat(lines.sliceEnd(0, 9)).isEqualTo(1);
        assertThat(lines.sliceEnd(0, 1)).isEqualTo(1);
        assertThat(lines.sliceEnd(2, 5)).isEqualTo(3);
        assertThat(lines.sliceEnd(1, 1000)).isEqualTo(4);
        assertThat(lines.number(3)).isEqualTo(104);
    }

    private static Lines render(Rendering rendering, String rows, int count) {
        return rendering.render(rows.getBytes(StandardCharsets.UTF_8), count, 101);
    }

    private static String text(Lines lines) {
        return lines.slice(0, lines.offset(lines.count())).toString(StandardCharsets.UTF_8);
    }
}
