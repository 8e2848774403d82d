package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff();

    @Test
    void shouldDoubleUpToTheLimitWhenFailuresFollowEachOther() {
        // When
        var pauses = Stream.generate(backoff::next).limit(8).map(Duration::toMillis);

        // Then
        assertThat(pauses).containsExactly(200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L);
    }

    @Test
    void shouldBeginAnewWhenSomethingWorked() {
        // Given
        backoff.next();
        backoff.next();

        // When
        backoff.reset();

        // Then
        assertThat(backoff.next()).isEqualTo(Limits.RETRY_MIN);
    }
}
