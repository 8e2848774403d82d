package io.spyhop.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordKeyTest {
    /** Fixed for ever: stored offsets and ownership depend on them. */
    @ParameterizedTest
    @CsvSource({
        "local, 8",
        "web, 4",
        "api-7f3k, 4",
        "worker-1, 1",
        "a, 0",
        "job-run-nightly, 10",
        "zz-9-plural-z-alpha, 10",
        "'', 0",
    })
    void shouldNeverMoveAnOwnerToAnotherPartition(String owner, int partition) {
        // Then
        assertThat(RecordKey.partitionOf(owner)).isEqualTo(partition);
    }

    @Test
    void shouldPutAllPartsOfAnOwnerIntoOnePartition() {
        // Given
        WorkloadId workload = new WorkloadId("worker-1");

        // Then
        assertThat(RecordKey.of(workload).partition()).isEqualTo(1);
        assertThat(RecordKey.of(workload, "c1").partition()).isEqualTo(1);
        assertThat(RecordKey.of(workload, "c2").partition()).isEqualTo(1);
        assertThat(RecordKey.ofHost("worker-1").partition()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"web, web, ''", "web|c1, web, c1", "web|c1|x, web, c1|x", "'', '', ''"})
    void shouldReadWhatItWrote(String text, String owner, String part) {
        // When
        RecordKey key = RecordKey.parse(text);

        // Then
        assertThat(key).isEqualTo(new RecordKey(owner, part));
        assertThat(key.text()).isEqualTo(text);
    }
}
