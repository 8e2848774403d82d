package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final Backoff backoff = new Backoff();

    @Test
    void shouldDoubleAfterShortLivesAndBeginAnewAfterALongOne() {
        // Given
        List<Long> waits = new ArrayList<>();

        // When
        for (int restart = 1; restart <= 7; restart++) {
            Duration life = restart == 6 ? Duration.ofSeconds(10) : SHORT;
            waits.add(backoff.before(restart, life).toMillis());
        }

        // Then
        assertThat(waits).containsExactly(100L, 200L, 400L, 800L, 1600L, 100L, 200L);
    }

    @Test
    void shouldBeginAnewWhenSomebodyStartedTheContainer() {
        // Given
        var _ = backoff.before(1, SHORT);
        var _ = backoff.before(2, SHORT);

        // When
        Duration wait = backoff.before(1, SHORT);

        // Then
        assertThat(wait).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void shouldWaitAMinuteAtMost() {
        // Given
        Duration wait = Duration.ZERO;

        // When
        for (int restart = 1; restart <= 100; restart++) {
            wait = backoff.before(restart, SHORT);
        }

        // Then
        assertThat(wait).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void shouldTakeAllLivesForShortWhenItDoesNotKnowThem() {
        // When
        Duration wait = backoff.before(4, null);

        // Then
        assertThat(wait).isEqualTo(Duration.ofMillis(800));
    }
}
