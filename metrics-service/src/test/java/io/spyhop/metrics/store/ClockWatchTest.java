package io.spyhop.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockWatchTest {
    private static final Duration LOOK = Duration.ofSeconds(20);

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private long nanos = -5;
    private final ClockWatch watch = new ClockWatch(now, nanos);

    @Test
    void shouldBelieveAClockThatGoesAsTimeDoes() {
        for (int i = 0; i < 1000; i++) {
            assertThat(look(LOOK.plusSeconds(i % 2 == 0 ? 10 : -10), LOOK)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P365D", "-P365D", "PT2M"})
    void shouldDoubtAClockThatWasSetForAnHour(Duration step) {
        // When
        boolean set = look(LOOK.plus(step), LOOK);
        boolean later = look(Duration.ofMinutes(59), Duration.ofMinutes(59));
        boolean muchLater = look(Duration.ofMinutes(1), Duration.ofMinutes(1));

        // Then
        assertThat(set).isFalse();
        assertThat(later).isFalse();
        assertThat(muchLater).isTrue();
    }

    @Test
    void shouldDoubtItAnewWhenItIsSetBack() {
        // When
        look(LOOK.plusDays(1), LOOK);
        look(Duration.ofMinutes(59), Duration.ofMinutes(59));
        boolean back = look(LOOK.minusDays(1), LOOK);
        boolean later = look(Duration.ofMinutes(59), Duration.ofMinutes(59));

        // Then
        assertThat(back).isFalse();
        assertThat(later).isFalse();
    }

    private boolean look(Duration wall, Duration time) {
        now = now.plus(wall);
        nanos += time.toNanos();
        return watch.look(now, nanos);
    }
}
