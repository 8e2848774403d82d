package io.spyhop.logs.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.WorkloadId;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ChunkTrimTest {
    private static final String ROWS = """
            {"lineNo":7,"at":"2026-11-25T03:04:05.000000002Z","stream":"stdout","level":"info","message":"a"}
            {"lineNo":8,"at":"2026-11-25T03:04:05.000000001Z","stream":"system","level":"system","message":"worker started"}
            {"lineNo":10,"at":"2026-11-25T03:04:05.000000009Z","stream":"stderr","level":"stderr","message":"\\"stream\\":\\"system\\""}
            """;

    private static final Chunk CHUNK =
            new Chunk(new WorkloadId("w"), 7, 10, 1, 9, Chunk.MIXED, 3, ROWS.getBytes(UTF_8).length);
    private static final long SECOND = 1_795_575_845_000_000_000L;

    @Test
    void shouldKeepSystemLinesWhenOutputGoes() {
        // Given
        byte[] rows = ROWS.getBytes(UTF_8);

        // When
        Chunk rest = Objects.requireNonNull(ChunkTrim.keep(CHUNK, rows, (number, at, system) -> !system));

        // Then
        String kept = ROWS.lines().toList().get(1) + "\n";
        assertThat(rest)
                .isEqualTo(new Chunk(CHUNK.workload(), 8, 8, SECOND + 1, SECOND + 1, Chunk.SYSTEM, 1, kept.length()));
        assertThat(new String(rows, 0, rest.rawBytes(), UTF_8)).isEqualTo(kept);
    }

    @Test
    void shouldKeepNumbersAndTimesWhenALineInTheMiddleGoes() {
        // Given
        byte[] rows = ROWS.getBytes(UTF_8);

        // When
        Chunk rest = Objects.requireNonNull(ChunkTrim.keep(CHUNK, rows, (number, at, system) -> number == 8));

        // Then
        assertThat(rest.firstLine()).isEqualTo(7);
        assertThat(rest.lastLine()).isEqualTo(10);
        assertThat(rest.firstAt()).isEqualTo(SECOND + 2);
        assertThat(rest.lastAt()).isEqualTo(SECOND + 9);
        assertThat(rest.retentionClass()).isEqualTo(Chunk.OUTPUT);
        assertThat(rest.lineCount()).isEqualTo(2);
    }

    @Test
    void shouldBeNothingWhenAllGoes() {
        // Given
        byte[] rows = ROWS.getBytes(UTF_8);

        // When
        Chunk rest = ChunkTrim.keep(CHUNK, rows, (number, at, system) -> at > 0);

        // Then
        assertThat(rest).isNull();
    }

    @Test
    void shouldRefuseWhenARowIsNotAsRowsAre() {
        // Given
        byte[] rows = ROWS.replace("\"at\"", "\"on\"").getBytes(UTF_8);

        // When / Then
        assertThatThrownBy(() -> ChunkTrim.keep(CHUNK, rows, (number, at, system) -> true))
                .isInstanceOf(IllegalStateException.class);
    }
}
