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
        PackedChunk packed = PackedChunk.of(chunk(ndjson, MANY), ndjson);
        assertThat(packed.codec()).isEqualTo(Codec.COLUMNS);
        assertThat(packed.filter()).isNotNull();
        assertThat(Codec.decompress(packed.codec(), packed.payload(), ndjson.length))
                .isEqualTo(ndjson);
    }

    @Test
    void shouldLeaveTheRowsOfASmallChunkAsTheyAre() {
        byte[] ndjson = rows(ROW, 3);
        PackedChunk packed = PackedChunk.of(chunk(ndjson, 3), ndjson);
        assertThat(packed.codec()).isEqualTo(Codec.ZSTD);
        assertThat(packed.filter()).isNull();
        assertThat(Codec.decompress(packed.codec(), packed.payload(), ndjson.length))
                .isEqualTo(ndjson);
    }

    @Test
    void shouldLeaveRowsOfAnotherShapeAsTheyAre() {
        byte[] ndjson = rows(ROW.replace("\"level\"", "\"severity\""), MANY);
        PackedChunk packed = PackedChunk.of(chunk(ndjson, MANY), ndjson);
        assertThat(packed.codec()).isEqualTo(Codec.ZSTD);
        assertThat(packed.filter()).isNotNull();
        assertThat(Codec.decompress(packed.codec(), packed.payload(), ndjson.length))
                .isEqualTo(ndjson);
    }

    @Test
    void shouldRefuseAChunkThatIsNotAsLongAsSaid() {
        byte[] ndjson = rows(ROW, MANY);
        PackedChunk packed = PackedChunk.of(chunk(ndjson, MANY), ndjson);
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

    private static Chunk chunk(byte[] ndjson, int count) {
        return new Chunk(new WorkloadId("w-1"), 1, count, 6, 6, Chunk.OUTPUT, count, ndjson.length);
    }
}
