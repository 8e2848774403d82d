package io.spyhop.gateway.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.services.AttemptFailedException.Kind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final URI A = URI.create("http://a");
    private static final URI B = URI.create("http://b");
    private static final Duration LIMIT = CallLimits.PAGE;

    /** Nanoseconds; attempts and pauses move it. */
    private final AtomicLong now = new AtomicLong();

    private final Map<URI, Kind> failing = new HashMap<>();
    private final Set<URI> dead = new HashSet<>();
    private final List<URI> asked = new ArrayList<>();
    private final List<URI> probed = new ArrayList<>();
    private List<URI> addresses = List.of(A, B);
    private final Calls calls = new Calls(
            "some-service",
            new Replicas(() -> addresses, address -> new Replica(address, this::lives, Runnable::run, now::get)),
            new Calls.Time() {
                @Override
                public long nanos() {
                    return now.get();
                }

                @Override
                public void pause(Duration duration) {
                    now.addAndGet(duration.toNanos());
                }
            });

    @Test
    void shouldTakeTurnsWhenAllAnswer() {
        // When
        call();
        call();
        call();

        // Then
        assertThat(asked).containsExactly(A, B, A);
    }

    @Test
    void shouldAskTheNextAtOnceWhenOneFails() {
        // Given
        failing.put(A, Kind.UNREACHABLE);
        dead.add(A);

        // When
        String answer = call();

        // Then
        assertThat(answer).isEqualTo("http://b");
        assertThat(now.get()).isZero();
    }

    @Test
    void shouldPassOverASilentReplicaWhenAnotherAnswers() {
        // Given
        failing.put(A, Kind.SILENT);
        dead.add(A);

        // When
        for (int i = 0; i < 20; i++) {
            call();
            passes(Duration.ofMillis(100));
        }

        // Then
        assertThat(asked).containsOnlyOnce(A);
        assertThat(probed).isEmpty();
        assertThat(now.get()).isEqualTo(LIMIT.plusMillis(2000).toNanos());
    }

    @Test
    void shouldNotSendCallsToASilentReplicaWhenItsProbeIsInVain() {
        // Given
        failing.put(A, Kind.SILENT);
        dead.add(A);
        call();

        // When
        for (int i = 0; i < 60; i++) {
            passes(Duration.ofSeconds(1));
            call();
        }

        // Then
        assertThat(asked).containsOnlyOnce(A);
        assertThat(probed).hasSizeBetween(5, 10).containsOnly(A);
    }

    @Test
    void shouldShareWithAReplicaWhenItIsBack() {
        // Given
        failing.put(A, Kind.SILENT);
        dead.add(A);
        call();

        // When
        failing.clear();
        dead.clear();
        passes(CallLimits.PASS_OVER_SILENT_MIN);
        for (int i = 0; i < 4; i++) {
            call();
        }

        // Then
        assertThat(probed).containsExactly(A);
        assertThat(asked.subList(2, 6)).contains(A, B);
    }

    @Test
    void shouldGiveUpSoonAndNameTheServiceWhenNobodyIsReached() {
        // Given
        failing.put(A, Kind.UNREACHABLE);
        failing.put(B, Kind.UNREACHABLE);
        dead.addAll(addresses);

        // When
        SpyhopException e = failure();

        // Then
        assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(e.publicMessage()).isEqualTo("some-service is away");
        assertThat(asked).containsExactly(A, B);
        assertThat(now.get()).isLessThan(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void shouldKeepItsTimeWhenAllAreSilent() {
        // Given
        failing.put(A, Kind.SILENT);
        failing.put(B, Kind.SILENT);
        dead.addAll(addresses);

        // When
        failure();
        long first = now.get();
        failure();

        // Then
        assertThat(first).isLessThanOrEqualTo(CallLimits.TOTAL.toNanos());
        assertThat(now.get() - first)
                .as("who comes later does not wait")
                .isLessThan(Duration.ofSeconds(1).toNanos());
        assertThat(asked).containsExactly(A, B);
    }

    @Test
    void shouldAnswerWithinTheSameCallWhenTheOnlyReplicaComesBack() {
        // Given
        addresses = List.of(A);
        failing.put(A, Kind.BROKEN);

        // When
        String answer = calls.call(true, LIMIT, (replica, limit) -> {
            try {
                return attempt(replica, limit);
            } finally {
                failing.clear();
            }
        });

        // Then
        assertThat(answer).isEqualTo("http://a");
        assertThat(now.get()).isEqualTo(CallLimits.BACKOFF.toNanos());
    }

    @Test
    void shouldPassOnTheReplicasWordsWhenAllAreBusy() {
        // Given
        SpyhopException said = new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "its database is away");

        // When
        SpyhopException e = catchThrowableOfType(
                SpyhopException.class,
                () -> calls.call(true, LIMIT, (replica, limit) -> {
                    asked.add(replica.address());
                    throw new AttemptFailedException(said);
                }));

        // Then
        assertThat(e).isSameAs(said);
        assertThat(asked).hasSize(2 * CallLimits.ROUNDS);
    }

    @Test
    void shouldNotRepeatWhenAProblemIsTheAnswer() {
        // When
        SpyhopException e = catchThrowableOfType(
                SpyhopException.class,
                () -> calls.call(true, LIMIT, (replica, limit) -> {
                    asked.add(replica.address());
                    throw SpyhopException.workloadUnknown();
                }));

        // Then
        assertThat(e.code()).isEqualTo(ErrorCode.WORKLOAD_UNKNOWN);
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldNotRepeatWhatMayHaveArrivedWhenTwiceIsNotOnce() {
        // Given
        failing.put(A, Kind.BROKEN);

        // When
        SpyhopException e = catchThrowableOfType(SpyhopException.class, () -> calls.call(false, LIMIT, this::attempt));

        // Then
        assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
        assertThat(asked).containsExactly(A);
    }

    @Test
    void shouldAskTheNextWhenNobodyWasReachedThoughTwiceIsNotOnce() {
        // Given
        failing.put(A, Kind.UNREACHABLE);

        // When
        String answer = calls.call(false, LIMIT, this::attempt);

        // Then
        assertThat(answer).isEqualTo("http://b");
    }

    @Test
    void shouldForgetReplicasWhenTheirAddressesAreGone() {
        // Given
        failing.put(A, Kind.SILENT);
        dead.add(A);
        call();

        // When
        addresses = List.of(B);
        call();
        addresses = List.of(A, B);
        failing.clear();
        call();
        call();

        // Then
        assertThat(asked.subList(3, 5)).contains(A);
    }

    private String call() {
        return calls.call(true, LIMIT, this::attempt);
    }

    private SpyhopException failure() {
        return catchThrowableOfType(SpyhopException.class, this::call);
    }

    private String attempt(Replica replica, Duration limit) throws AttemptFailedException {
        asked.add(replica.address());
        Kind kind = failing.get(replica.address());
        if (kind == null) {
            return replica.address().toString();
        }
        if (kind == Kind.SILENT) {
            passes(limit);
        }
        throw new AttemptFailedException(kind, new IOException("so it is tested"));
    }

    private boolean lives(URI address) {
        probed.add(address);
        return !dead.contains(address);
    }

    private void passes(Duration duration) {
        now.addAndGet(duration.toNanos());
    }
}
