package io.spyhop.logs.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.store.Codec;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedChunkTest {
    private static final String ROW =
            "{\"lineNo\":%d,\"at\":\"2026-11-25T03:04:05.000000006Z\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"m\"}\n";
    private static final int MANY = 200;

    @Test
    void shouldTakeTheRowsOfALargeChunkApart() {
        byte[] ndjson = rows(ROW, MANY);
        PackedChunk packed = packed(ndjson, MANY);
        assertThat(packed.codec()).isEqualTo(Codec.COLUMNS);
        assertThat(packed.filter()).isNotNull();
    }

    @Test
    void shouldLeaveTheRowsOfASmallChunkAsTheyAre() {
        byte[] ndjson = rows(ROW, 3);
        PackedChunk packed = packed(ndjson, 3);
        assertThat(packed.codec()).isEqualTo(Codec.ZSTD);
        assertThat(packed.filter()).isNull();
    }

    @Test
    void shouldLeaveRowsOfAnotherShapeAsTheyAre() {
        byte[] ndjson = rows(ROW.replace("\"level\"", "\"severity\""), MANY);
        PackedChunk packed = packed(ndjson, MANY);
        assertThat(packed.codec()).isEqualTo(Codec.ZSTD);
        assertThat(packed.filter()).isNotNull();
    }

    @Test
    void shouldRefuseAChunkThatIsNotAsLongAsSaid() {
        byte[] ndjson = rows(ROW, MANY);
        PackedChunk packed = packed(ndjson, MANY);
        for (int length : new int[] {ndjson.length - 1, ndjson.length + 1}) {
            assertThatThrownBy(() -> Codec.decompress(packed.codec(), packed.payload(), length))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another length");
        }
    }

    private static byte[] rows(String row, int count) {
        byte[] rows = IntStream.rangeClosed(1, count)
                .mapToObj(row::formatted)
                .collect(Collectors.joining())
                .getBytes(UTF_8);
        assertThat(rows.length >= LogLimits.FILTERED_RAW_BYTES_MIN).isEqualTo(count == MANY);
        return rows;
    }

    /** Packed, and such that it gives the same rows again. */
    private static PackedChunk packed(byte[] ndjson, int count) {
        Chunk chunk = new Chunk(new WorkloadId("w-1"), 1, count, 6, 6, Chunk.OUTPUT, count, ndjson.length);
        PackedChunk packed = PackedChunk.of(chunk, ndjson);
        assertThat(Codec.decompress(packed.codec(), packed.payload(), ndjson.length))
                .isEqualTo(ndjson);
        return packed;
    }
}
