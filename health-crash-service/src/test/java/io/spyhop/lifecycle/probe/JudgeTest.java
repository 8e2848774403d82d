package io.spyhop.lifecycle.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.HealthDetails;
import io.spyhop.lifecycle.probe.HealthChange.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Instant LIFE = Instant.parse("2026-11-22T03:00:00Z");
    private static final int THRESHOLD = 3;

    private final Judge judge = new Judge(LIFE, 0, false);

    @Test
    void shouldTellOnceWhenThreeFailInARow() {
        // Given
        assertThat(judge.probed(at(1), "refused", THRESHOLD)).isEmpty();
        assertThat(judge.probed(at(2), "late", THRESHOLD)).isEmpty();

        // When
        HealthChange change = judge.probed(at(3), "status 503", THRESHOLD).orElseThrow();

        // Then
        assertThat(change).isEqualTo(new HealthChange(LIFE, Kind.UNHEALTHY, at(3), 3, "status 503"));
        assertThat(judge.probed(at(4), "late", THRESHOLD)).isEmpty();
        assertThat(judge.failures()).isEqualTo(4);
    }

    @Test
    void shouldCountFromTheStartWhenOneSucceedsInBetween() {
        // Given
        judge.probed(at(1), "late", THRESHOLD);
        judge.probed(at(2), "late", THRESHOLD);

        // When
        assertThat(judge.probed(at(3), null, THRESHOLD)).isEmpty();

        // Then
        assertThat(judge.failures()).isZero();
        judge.probed(at(4), "late", THRESHOLD);
        assertThat(judge.probed(at(5), "late", THRESHOLD)).isEmpty();
        assertThat(judge.probed(at(6), "late", THRESHOLD)).isPresent();
    }

    @Test
    void shouldTellTheRecoveryWhenAnUnhealthyOneAnswers() {
        // Given
        Judge resumed = new Judge(LIFE, 7, true);
        assertThat(resumed.probed(at(1), "late", THRESHOLD)).isEmpty();

        // When
        HealthChange change = resumed.probed(at(2), null, THRESHOLD).orElseThrow();

        // Then
        assertThat(change).isEqualTo(new HealthChange(LIFE, Kind.HEALTHY, at(2), null, null));
        assertThat(resumed.probed(at(3), null, THRESHOLD)).isEmpty();
    }

    @Test
    void shouldTellWhatWasNotToldBeforeAStop() {
        // Given
        Judge resumed = new Judge(LIFE, 4, false);

        // When / Then
        assertThat(new Judge(LIFE, 2, false).untold(THRESHOLD, at(2), "late")).isEmpty();
        assertThat(new Judge(LIFE, 4, true).untold(THRESHOLD, at(3), "late")).isEmpty();
        assertThat(resumed.untold(THRESHOLD, at(3), "late").orElseThrow().at()).isEqualTo(at(3));
        assertThat(resumed.probed(at(5), "late", THRESHOLD)).isEmpty();
    }

    @Test
    void shouldFollowTheEngineWhenItJudges() {
        // When / Then
        assertThat(judge.found(check(HealthDetails.Status.STARTING, 5), at(1), "exit code 1"))
                .isEmpty();
        assertThat(judge.found(check(HealthDetails.Status.UNHEALTHY, 2), at(2), "exit code 1")
                        .orElseThrow())
                .isEqualTo(new HealthChange(LIFE, Kind.UNHEALTHY, at(2), 2, "exit code 1"));
        assertThat(judge.found(check(HealthDetails.Status.UNHEALTHY, 3), at(3), "exit code 1"))
                .isEmpty();
        assertThat(judge.found(check(HealthDetails.Status.HEALTHY, 0), at(4), null)
                        .orElseThrow()
                        .kind())
                .isEqualTo(Kind.HEALTHY);
    }

    private static HealthDetails.Check check(HealthDetails.Status status, int failures) {
        return new HealthDetails.Check(status, failures, List.of());
    }

    private static Instant at(int second) {
        return LIFE.plusSeconds(second);
    }
}
