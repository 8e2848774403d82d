package io.spyhop.logs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.LinesPage;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PageBuilderTest {
    @Test
    void shouldSliceTheFirstChunkAndStopAtTheLimit() {
        // Given
        PageBuilder page = new PageBuilder(3, 4, 1000);
        // When
        page.add(rows(1, 5), 5);
        page.add(rows(6, 9), 9);
        // Then
        assertThat(page.full()).isTrue();
        assertPage(page.build(), 4, 7);
    }

    @Test
    void shouldEndEarlyRatherThanGrowButHoldOneLine() {
        // Given
        PageBuilder page = new PageBuilder(0, 100, 1);
        // When
        page.add(rows(1, 5), 5);
        // Then
        assertPage(page.build(), 1, 1);
    }

    @Test
    void shouldMoveThroughTheWholeChunk() {
        // Given a chunk whose last rows are gone
        PageBuilder page = new PageBuilder(0, 100, 1000);
        // When
        page.add(rows(1, 3), 8);
        // Then
        LinesPage built = page.build();
        assertThat(built.count()).isEqualTo(3);
        assertThat(built.through()).isEqualTo(8);
    }

    @Test
    void shouldStayWhereItWasWithoutLines() {
        assertThat(new PageBuilder(7, 10, 100).build().through()).isEqualTo(7);
    }

    @Test
    void shouldKeepTheNewestRows() {
        // Given
        TailBuilder page = new TailBuilder(0, 3, 1000);
        // When
        page.add(rows(1, 5), 5);
        page.add(rows(6, 7), 7);
        // Then
        assertPage(page.build(), 5, 7);
    }

    private static void assertPage(LinesPage page, long first, long last) {
        assertThat(new String(page.ndjson(), UTF_8)).isEqualTo(new String(rows(first, last), UTF_8));
        assertThat(page.count()).isEqualTo((int) (last - first + 1));
        assertThat(page.through()).isEqualTo(last);
    }

    private static byte[] rows(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(number -> "{\"lineNo\":" + number + ",\"message\":\"m\"}\n")
                .collect(Collectors.joining())
                .getBytes(UTF_8);
    }
}
