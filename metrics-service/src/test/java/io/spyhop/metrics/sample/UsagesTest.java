package io.spyhop.metrics.sample;

import static io.spyhop.metrics.sample.TestCounters.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.metric.Usage;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsagesTest {
    private static final Instant AT = Instant.parse("2026-11-25T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldTellRatesWhenThereIsAnEarlierReading() {
        Reading before = reading(5 * SECOND, 1000, new Network(100, 0, 0, 0, 200, 0, 0, 0), new Block(10, 20), 0);
        Reading now = reading(
                7 * SECOND, 1000 + 3 * SECOND, new Network(1100, 0, 0, 0, 200, 0, 0, 0), new Block(4010, 20), 0);

        Usage usage = Usages.of(before, now);

        assertThat(usage)
                .isEqualTo(new Usage(
                        AT, 150.0, 10.0, 40.0, true, 25.0, 1100L, 200L, 500.0, 0.0, 4010L, 20L, 2000.0, 0.0, 3L));
    }

    @Test
    void shouldTellNoRatesWhenThereIsNoEarlierReading() {
        Usage usage = Usages.of(null, reading(5 * SECOND, 1000, new Network(1, 0, 0, 0, 2, 0, 0, 0), null, 0));

        assertThat(usage.cpuPct()).isNull();
        assertThat(usage.netRxRate()).isNull();
        assertThat(usage.netRxBytes()).isEqualTo(1);
        assertThat(usage.blockReadBytes()).isNull();
        assertThat(usage.blockReadRate()).isNull();
    }

    @Test
    void shouldTellNoRatesWhenReadingsAreTooNear() {
        Reading before = reading(5 * SECOND, 1000, null, null, 0);

        Usage usage = Usages.of(before, reading(5 * SECOND + 1, 500 * SECOND, null, null, 0));

        assertThat(usage.cpuPct()).isNull();
    }

    @Test
    void shouldTellNoRateOfACounterThatWentBack() {
        Reading before = reading(5 * SECOND, 9 * SECOND, new Network(100, 0, 0, 0, 900, 0, 0, 0), new Block(10, 2), 0);

        Usage usage = Usages.of(
                before, reading(6 * SECOND, 1000, new Network(300, 0, 0, 0, 200, 0, 0, 0), new Block(5, 2), 0));

        assertThat(usage.cpuPct()).isNull();
        assertThat(usage.netRxRate()).isEqualTo(200.0);
        assertThat(usage.netTxRate()).isNull();
        assertThat(usage.blockReadRate()).isNull();
        assertThat(usage.blockWriteRate()).isZero();
    }

    @Test
    void shouldTellNoRateOfWhatWasNotCountedBefore() {
        Usage usage = Usages.of(
                reading(5 * SECOND, 0, null, null, 0),
                reading(6 * SECOND, 0, new Network(300, 0, 0, 0, 200, 0, 0, 0), new Block(5, 2), 0));

        assertThat(usage.netRxRate()).isNull();
        assertThat(usage.blockReadRate()).isNull();
        assertThat(usage.cpuPct()).isZero();
    }

    @Test
    void shouldNotTellMoreThanThereAreProcessors() {
        Usage usage = Usages.of(reading(5 * SECOND, 0, null, null, 2), reading(6 * SECOND, 5 * SECOND, null, null, 2));

        assertThat(usage.cpuPct()).isEqualTo(200.0);
    }

    @Test
    void shouldTellTheMachinesMemoryWhenThereIsNoLimit() {
        Counters counters = new Counters(
                1,
                new Cpu(1, -1, -1, -1, -1, -1, -1),
                new Memory(12 * MIB, Counters.UNKNOWN, -1, -1, 0, 1200 * MIB, -1),
                null,
                null,
                Counters.UNKNOWN);

        Usage usage = Usages.of(null, new Reading(counters, AT));

        assertThat(usage.memLimited()).isFalse();
        assertThat(usage.memLimitMb()).isEqualTo(1200.0);
        assertThat(usage.memUsedMb()).isEqualTo(12.0);
        assertThat(usage.memPct()).isEqualTo(1.0);
        assertThat(usage.pids()).isNull();
        assertThat(usage.netTxBytes()).isNull();
    }

    private static Reading reading(
            long atNanos, long cpuNanos, @Nullable Network network, @Nullable Block block, long cpus) {
        return new Reading(
                new Counters(
                        atNanos,
                        new Cpu(cpuNanos, -1, -1, -1, -1, -1, cpus),
                        new Memory(12 * MIB, 2 * MIB, -1, -1, 40 * MIB, 1024 * MIB, 0),
                        network,
                        block,
                        3),
                AT);
    }
}
