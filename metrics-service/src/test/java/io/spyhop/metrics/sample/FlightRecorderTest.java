package io.spyhop.metrics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spyhop.contracts.metric.Usage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlightRecorderTest {
    private static final Instant BEGIN = Instant.parse("2026-11-25T12:00:00Z");
    private static final int MAX = 25;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 11, 20, 21, 24, 25, 26, 49, 50, 51, 1000})
    void shouldKeepTheNewestInOrder(int count) {
        FlightRecorder recorder = new FlightRecorder(MAX);
        for (int i = 0; i < count; i++) {
            recorder.add(reading(i));
        }

        List<Usage> usages = recorder.usages();

        assertThat(usages).hasSize(count < MAX ? count : MAX - 1);
        for (int i = 0; i < usages.size(); i++) {
            Usage usage = usages.get(i);
            int number = count - usages.size() + i;
            assertThat(usage.sampledAt()).isEqualTo(BEGIN.plusSeconds(2L * number));
            assertThat(usage.netTxBytes()).isEqualTo(1000L * number * number);
            assertThat(usage.memUsedMb()).isEqualTo(10.0);
            assertThat(usage.memLimitMb()).isEqualTo(40.0);
            assertThat(usage.blockReadBytes()).isEqualTo(4096L);
            assertThat(usage.pids()).isEqualTo(3L);
            if (number == 0) {
                assertThat(usage.cpuPct()).isNull();
            } else {
                assertThat(usage.cpuPct()).isEqualTo(25.0, within(1e-9));
                assertThat(usage.netTxRate()).isEqualTo(500.0 * (2 * number - 1), within(1e-6));
            }
        }
    }

    private static Reading reading(int number) {
        return new Reading(
                TestCounters.counters(number * 2_000_000_000L, number * 500_000_000L, 1000L * number * number, 0),
                BEGIN.plusSeconds(2L * number));
    }
}
