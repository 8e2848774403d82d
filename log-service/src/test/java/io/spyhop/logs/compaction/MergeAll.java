package io.spyhop.logs.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;

/** Merges all small chunks of a workload, worth it or not: tests need not write dozens. */
@ApplicationScoped
public class MergeAll {
    private final CompactionStore store;
    private final ChunkSwapStore chunks;

    @Inject
    MergeAll(CompactionStore store, ChunkSwapStore chunks) {
        this.store = store;
        this.chunks = chunks;
    }

    /** Makes one chunk of them. */
    public void merge(WorkloadId workload) throws SQLException {
        List<Chunk> group = store.small(workload).getFirst();
        byte[] rows = chunks.read(group).orElseThrow();
        assertThat(chunks.swap(group, PackedChunk.of(ChunkMerge.merged(group), rows)))
                .isTrue();
    }
}
