package io.spyhop.logs.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = 1_000_000;
    private static final long START = 5_000_000_000L;

    private final Pace pace = new Pace(8_000_000);

    @Test
    void shouldBeBusyWhileMuchComesInBursts() {
        // When
        long now = come(START, 30, 10, 100_000);

        // Then
        assertThat(pace.isBusy(now)).isTrue();
    }

    @Test
    void shouldNotBeBusyByOneBurst() {
        // Given
        long now = come(START, 100, 10, 1_000);

        // When
        pace.add(1_000_000, now);
        now = come(now, 30, 10, 1_000);

        // Then
        assertThat(pace.isBusy(now)).isFalse();
    }

    @Test
    void shouldNotBeBusyAfterAPause() {
        // Given
        long now = come(START, 30, 10, 100_000);

        // When / Then
        assertThat(pace.isBusy(now + 1_000 * MILLI)).isFalse();
        pace.add(1_000, now + 1_000 * MILLI);
        assertThat(pace.isBusy(now + 1_000 * MILLI)).isFalse();
    }

    private long come(long from, int times, long everyMillis, long bytes) {
        long now = from;
        for (int i = 0; i < times; i++) {
            pace.add(bytes, now);
            now += everyMillis * MILLI;
        }
        return now;
    }
}
