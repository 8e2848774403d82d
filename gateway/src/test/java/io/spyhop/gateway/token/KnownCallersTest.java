package io.spyhop.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.token.KnownCallers.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownCallersTest {
    private static final Instant START = Instant.parse("2026-11-22T03:04:05Z");
    private static final Caller ADA =
            new Caller(UUID.randomUUID(), Optional.empty(), "ada", Role.ADMIN, Optional.empty());

    private volatile Instant now = START;
    private final KnownCallers callers = new KnownCallers(() -> now);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void shouldAskAnewAheadOfTimeWhenASecretIsInUse() {
        // Given
        CompletableFuture<Optional<Caller>> second = new CompletableFuture<>();
        assertThat(callers.known("t", "secret", answer(ADA))).isEmpty();
        assertThat(callers.ask("t", "secret", answer(ADA))).contains(ADA);

        // When: the database takes its time, and then knows that another gateway revoked it.
        now = START.plus(Duration.ofMillis(2600));
        Function<byte[], Optional<Known>> late = hash -> {
            asked.incrementAndGet();
            return second.join().map(caller -> Known.of(caller, now, null));
        };
        assertThat(callers.known("t", "secret", late)).contains(ADA);
        now = START.plus(Duration.ofMillis(4900));
        assertThat(callers.known("t", "secret", late)).contains(ADA);
        second.complete(Optional.empty());

        // Then
        await().untilAsserted(
                        () -> assertThat(callers.known("t", "secret", late)).isEmpty());
        assertThat(callers.ask("t", "secret", late))
                .as("is known to be nobody's")
                .isEmpty();
        assertThat(asked).as("the first time, and once ahead").hasValue(2);
    }

    @Test
    void shouldNotBelieveAnAnswerFromBeforeARevocation() {
        // Given: asked anew, ahead of time
        CompletableFuture<Void> answered = new CompletableFuture<>();
        callers.ask("t", "secret", answer(ADA));
        now = START.plus(Duration.ofSeconds(3));
        CompletableFuture<Thread> thread = new CompletableFuture<Thread>().orTimeout(10, TimeUnit.SECONDS);
        callers.known("t", "secret", hash -> {
            thread.complete(Thread.currentThread());
            answered.join();
            return Optional.of(Known.of(ADA, now, null));
        });
        thread.join();

        // When
        callers.forget();
        answered.complete(null);

        // Then
        await().until(() -> !thread.join().isAlive());
        assertThat(callers.known("t", "secret", answer(ADA))).isEmpty();
        assertThat(callers.ask("t", "secret", answer(null))).isEmpty();
    }

    @Test
    void shouldNotBelieveBeyondTheEndOfAToken() {
        // Given
        Instant end = START.plusSeconds(1);
        assertThat(callers.ask("t", "secret", hash -> Optional.of(Known.of(ADA, START, end))))
                .contains(ADA);

        // When
        now = end;

        // Then
        assertThat(callers.known("t", "secret", answer(null))).isEmpty();
        assertThat(callers.ask("t", "secret", answer(null))).isEmpty();
    }

    private Function<byte[], Optional<Known>> answer(@Nullable Caller caller) {
        return hash -> {
            asked.incrementAndGet();
            return Optional.ofNullable(caller).map(found -> Known.of(found, now, null));
        };
    }
}
