package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RenderingTest {
    @Test
    void shouldFrameEachLineWithItsNumberWhenAsEvents() {
        // Given
        String rows = """
                {"lineNo":7,"message":"é"}
                {"lineNo":9,"message":"b"}
                """;

        // When
        Lines lines = render(Rendering.SSE, rows, 2);

        // Then
        assertThat(text(lines)).isEqualTo("""
                        id: 7
                        data: {"lineNo":7,"message":"é"}

                        id: 9
                        data: {"lineNo":9,"message":"b"}

                        """);
        assertThat(lines.indexAfter(6)).isZero();
        assertThat(lines.indexAfter(7)).isEqualTo(1);
        assertThat(lines.indexAfter(8)).isEqualTo(1);
        assertThat(lines.indexAfter(9)).isEqualTo(2);
    }

    @Test
    void shouldShowFewerLevelsWhenForAnApp() {
        // Given
        String rows = """
                {"lineNo":1,"level":"debug","message":"\\"level\\":\\"fatal\\""}
                {"lineNo":2,"level":"fatal","message":"m"}
                {"lineNo":3,"level":"warn"}
                {}
                """;

        // When
        Lines lines = render(Rendering.APP, rows, 4);

        // Then
        assertThat(text(lines)).isEqualTo("""
                        data: {"lineNo":1,"level":"info","message":"\\"level\\":\\"fatal\\""}

                        data: {"lineNo":2,"level":"error","message":"m"}

                        data: {"lineNo":3,"level":"warn"}

                        data: {}

                        """);
    }

    @Test
    void shouldCutSlicesAtLinesOnly() {
        // Given
        Lines lines = render(Rendering.NDJSON, """
                aaaa
                bbbb
                cccccccccccc
                d
                """, 4);

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
