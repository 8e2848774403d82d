package io.spyhop.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedSignInsTest {
    private static final String HERE = "192.0.2.1";

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FailedSignIns failures = new FailedSignIns(registry, () -> now);

    @Test
    void shouldAnswerLaterEachTimeAndRefuseAtLastWhenAnAddressFailsOn() {
        // When
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < AccessLimits.FAILURES_MAX; i++) {
            FailedSignIns.Verdict verdict = failures.failed(HERE);
            assertThat(verdict.refused()).isFalse();
            delays.add(verdict.delay());
        }
        FailedSignIns.Verdict last = failures.failed(HERE);

        // Then
        assertThat(delays).isSorted();
        assertThat(delays.subList(0, AccessLimits.FAILURES_FREE)).containsOnly(Duration.ZERO);
        assertThat(delays.get(AccessLimits.FAILURES_FREE)).isEqualTo(AccessLimits.FAILURE_DELAY_MIN);
        assertThat(delays.getLast()).isEqualTo(AccessLimits.FAILURE_DELAY_MAX);
        assertThat(last.refusedFor()).isEqualTo(AccessLimits.FAILURE_BLOCK);
        assertThat(registry.counter("spyhop.sign.ins.failed").count()).isEqualTo(AccessLimits.FAILURES_MAX + 1.0);
    }

    @Test
    void shouldTellWhenToComeBackAndNotProlongItWhenItIsRefused() {
        // Given
        fail(HERE, AccessLimits.FAILURES_MAX + 1);

        // When
        now = now.plusSeconds(20);
        SpyhopException refusal = failures.refusal(HERE, "wrong");

        // Then
        assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY);
        assertThat(refusal.retryAfterSeconds()).hasValue(AccessLimits.FAILURE_BLOCK.toSeconds() - 20);
        now = now.plus(AccessLimits.FAILURE_BLOCK);
        assertThat(failures.refusal(HERE, "wrong").code()).isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @Test
    void shouldBeginAnewWhenSomethingRightCameFromTheAddress() {
        // Given
        fail(HERE, AccessLimits.FAILURES_MAX + 5);

        // When
        failures.cleared(HERE);

        // Then
        assertThat(failures.failed(HERE)).isEqualTo(new FailedSignIns.Verdict(Duration.ZERO, Duration.ZERO));
    }

    @Test
    void shouldNotMindOtherAddressesWhenOneFails() {
        // Given
        fail(HERE, AccessLimits.FAILURES_MAX + 5);
        fail("2001:db8:0:1::1", AccessLimits.FAILURES_MAX + 5);

        // Then
        assertThat(failures.failed("192.0.2.2").refused()).isFalse();
        assertThat(failures.failed("2001:db8:0:2::1").refused()).isFalse();
        // A network of IPv6 is one address: its owner has all of them.
        assertThat(failures.failed("2001:db8:0:1::2").refused()).isTrue();
    }

    @Test
    void shouldForgetTheOldestWhenThereAreTooManyAddresses() {
        // Given
        fail(HERE, AccessLimits.FAILURES_MAX + 1);

        // When
        for (int i = 0; i < AccessLimits.FAILURE_ADDRESSES_MAX; i++) {
            failures.failed("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }

        // Then
        assertThat(failures.failed(HERE).refused()).isFalse();
    }

    private void fail(String remote, int times) {
        for (int i = 0; i < times; i++) {
            failures.failed(remote);
        }
    }
}
