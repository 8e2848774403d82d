package io.spyhop.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.Usage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredSampleTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private final SomeSamples some = SomeSamples.of("acme");

    @Test
    void shouldKeepWhatIsKnownAndNothingElse() {
        // Given
        Sample known = some.at(NOW, 12.5, 100);
        Sample first = some.firstAt(NOW, 100);

        // When
        StoredSample stored = StoredSample.of(known, NOW);
        StoredSample unknown = StoredSample.of(first, NOW);

        // Then
        assertThat(stored.cpuPct()).isEqualTo(12.5f);
        assertThat(stored.blockWriteRate()).isEqualTo(62.5f);
        assertThat(stored.pids()).isEqualTo(7);
        assertThat(unknown.memUsedMb()).isEqualTo(100f);
        assertThat(unknown.cpuPct()).isNull();
        assertThat(unknown.netRxRate()).isNull();
        assertThat(unknown.pids()).isNull();
    }

    @Test
    void shouldRefuseWhatTheDatabaseWouldRefuse() {
        List<Sample> wrong = List.of(
                some.at(NOW.plusMillis(1), 1, 1),
                some.at(NOW.plusSeconds(7200), 1, 1),
                some.at(Instant.parse("1969-12-31T00:00:00Z"), 1, 1),
                some.each(0).at(NOW, 1, 1),
                some.each(3601).at(NOW, 1, 1),
                some.container("", -1).at(NOW, 1, 1),
                some.container("\0", 0).at(NOW, 1, 1),
                some.container("x".repeat(300), 0).at(NOW, 1, 1),
                some.in("shop", "").at(NOW, 1, 1),
                some.at(NOW, 1e39, 1),
                some.at(NOW, -1, 1),
                some.at(NOW, 1, Double.NaN),
                some.sample(NOW, usageOfPids(-1)),
                some.sample(NOW, usageOfPids(1L << 31)));
        for (Sample each : wrong) {
            // When / Then
            assertThatThrownBy(() -> StoredSample.of(each, NOW))
                    .as("%s", each)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Usage usageOfPids(long pids) {
        return new Usage(NOW, null, 1, 2, true, 50, null, null, null, null, null, null, null, null, pids);
    }
}
