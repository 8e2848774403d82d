package io.spyhop.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final AtomicInteger done = new AtomicInteger();

    @BeforeEach
    void lookOften() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    }

    @Test
    void shouldGoOnWhenWokenOrWhenTheTimeHasCome() throws InterruptedException {
        // Given
        Rounds rounds = new Rounds("test", () -> done.incrementAndGet() < 3 ? Duration.ofMillis(1) : LONG);

        // When
        rounds.start();

        // Then
        await().until(() -> done.get() == 3);

        // When
        rounds.wake();

        // Then
        await().until(() -> done.get() == 4);
        rounds.stop();
    }

    @Test
    void shouldGoRoundOnceMoreWhenWokenDuringARound() throws InterruptedException {
        // Given
        CountDownLatch goOn = new CountDownLatch(1);
        Rounds rounds = new Rounds("test", () -> {
            done.incrementAndGet();
            goOn.await();
            return LONG;
        });
        rounds.start();
        await().until(() -> done.get() == 1);

        // When
        rounds.wake();
        rounds.wake();
        goOn.countDown();

        // Then
        await().until(() -> done.get() == 2);
        rounds.stop();
        assertThat(done).hasValue(2);
    }

    @Test
    void shouldTryAgainSoonWhenARoundFails() throws InterruptedException {
        // Given
        Rounds rounds = new Rounds("test", () -> {
            if (done.incrementAndGet() == 1) {
                throw new IllegalStateException("the database is away");
            }
            return LONG;
        });

        // When
        rounds.start();

        // Then
        await().until(() -> done.get() == 2);
        rounds.stop();
    }

    @Test
    void shouldEndWhenStoppedDuringARoundOrBeforeTheFirst() throws InterruptedException {
        // Given
        CountDownLatch never = new CountDownLatch(1);
        Rounds rounds = new Rounds("test", () -> {
            done.incrementAndGet();
            never.await();
            return LONG;
        });
        new Rounds("test", () -> LONG).stop();
        rounds.start();
        await().until(() -> done.get() == 1);

        // When
        rounds.stop();

        // Then
        assertThat(done).hasValue(1);
    }
}
