package io.spyhop.logs.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkMergeTest {
    private static final WorkloadId WORKLOAD = new WorkloadId("w");

    @Test
    void shouldMergeWhatFillsALargeChunkAndLeaveTheRest() {
        // Given
        List<Chunk> small = chunks(100 * 1024, 13);

        // When
        List<List<Chunk>> groups = ChunkMerge.plan(small, true);

        // Then
        assertThat(groups).containsExactly(small.subList(0, 6), small.subList(6, 12));
    }

    @Test
    void shouldWaitForCompanyWhenThereAreFew() {
        // Given
        List<Chunk> small = chunks(100, LogLimits.COMPACTED_CHUNKS_MIN - 1);

        // When
        List<List<Chunk>> groups = ChunkMerge.plan(small, true);

        // Then
        assertThat(groups).isEmpty();
    }

    @Test
    void shouldMergeFewWhenNothingCanComeBetween() {
        // Given
        List<Chunk> small = chunks(100, 2);

        // When
        List<List<Chunk>> groups = ChunkMerge.plan(small, false);

        // Then
        assertThat(groups).containsExactly(small);
        assertThat(ChunkMerge.plan(small.subList(0, 1), false)).isEmpty();
    }

    @Test
    void shouldWriteABytesOnlySomeTimesWhenAWorkloadIsSlow() {
        // Given
        List<Chunk> stored = new ArrayList<>();
        long written = 0;
        long rewritten = 0;
        int most = 0;

        // When: 20,000 lines, each stored by itself.
        for (int line = 1; line <= 20_000; line++) {
            stored.add(chunk(line, line, 150));
            written += 150;
            List<Chunk> small = stored.stream()
                    .filter(each -> each.rawBytes() < LogLimits.COMPACTED_RAW_BYTES)
                    .toList();
            for (List<Chunk> group : List.copyOf(ChunkMerge.plan(small, true))) {
                Chunk merged = ChunkMerge.merged(group);
                rewritten += merged.rawBytes();
                stored.removeAll(group);
                stored.add(merged);
            }
            most = Math.max(most, stored.size());
        }

        // Then
        assertThat(stored.stream().mapToInt(Chunk::lineCount).sum()).isEqualTo(20_000);
        assertThat(most).isLessThan(60);
        assertThat((double) rewritten / written).isBetween(1.0, 9.0);
    }

    @Test
    void shouldCoverItsPartsWhenChunksAreMerged() {
        // Given
        Chunk output = new Chunk(WORKLOAD, 1, 5, 40, 90, Chunk.OUTPUT, 5, 500);
        Chunk system = new Chunk(WORKLOAD, 9, 9, 30, 30, Chunk.SYSTEM, 1, 100);

        // When
        Chunk merged = ChunkMerge.merged(List.of(output, system));

        // Then
        assertThat(merged).isEqualTo(new Chunk(WORKLOAD, 1, 9, 30, 90, Chunk.MIXED, 6, 600));
        assertThat(ChunkMerge.merged(List.of(output, output)).retentionClass()).isEqualTo(Chunk.OUTPUT);
    }

    private static List<Chunk> chunks(int rawBytes, int count) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            chunks.add(chunk(i, i, rawBytes));
        }
        return chunks;
    }

    private static Chunk chunk(long firstLine, long lastLine, int rawBytes) {
        return new Chunk(WORKLOAD, firstLine, lastLine, firstLine, lastLine, Chunk.OUTPUT, 1, rawBytes);
    }
}
