package io.spyhop.jobs.schedule;

import static io.spyhop.jobs.JobExamples.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.jobs.JobExamples.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final Instant DUE = Instant.parse("2026-05-04T10:00:00Z");
    private static final Instant NEXT = DUE.plus(Duration.ofHours(1));

    @Test
    void shouldRunAtItsTimeWhenThatIsToCome() throws ScheduleException {
        // Given
        DueJob due = due(draft -> {});

        // When
        Optional<Claim> claim = Claims.decide(due, false, DUE.minusSeconds(2));

        // Then
        assertThat(claim).contains(new Claim(DUE, 0, NEXT, DUE, NEXT));
    }

    @Test
    void shouldRunLateWhenItsTimeHasJustPassed() throws ScheduleException {
        // Given
        DueJob due = due(draft -> {});

        // When
        Optional<Claim> claim = Claims.decide(due, false, DUE.plusSeconds(30));

        // Then
        assertThat(claim).contains(new Claim(DUE, 0, NEXT, DUE, NEXT));
    }

    @Test
    void shouldPassOverMissedTimesWhenTheyAreSkipped() throws ScheduleException {
        // Given
        DueJob due = due(draft -> {});

        // When: 10:00, 11:00 and 12:00 passed
        Optional<Claim> claim = Claims.decide(due, false, DUE.plus(Duration.ofMinutes(150)));

        // Then
        assertThat(claim).contains(new Claim(null, 3, DUE.plus(Duration.ofHours(3)), DUE, NEXT));
    }

    @Test
    void shouldRunForTheLastOneWhenItHasJustPassedAfterMissedOnes() throws ScheduleException {
        // Given
        DueJob due = due(draft -> {});
        Instant twelve = DUE.plus(Duration.ofHours(2));

        // When
        Optional<Claim> claim = Claims.decide(due, false, twelve.plusSeconds(3));

        // Then
        assertThat(claim).contains(new Claim(twelve, 2, DUE.plus(Duration.ofHours(3)), DUE, NEXT));
    }

    @Test
    void shouldRunOnceWhenAJobAsksForItAfterMissedTimes() throws ScheduleException {
        // Given
        DueJob due = due(draft -> draft.missed = JobDefinition.RUN_ONCE);

        // When
        Optional<Claim> claim = Claims.decide(due, false, DUE.plus(Duration.ofMinutes(150)));

        // Then
        assertThat(claim)
                .contains(new Claim(DUE.plus(Duration.ofHours(2)), 2, DUE.plus(Duration.ofHours(3)), DUE, NEXT));
    }

    @Test
    void shouldWaitWhenAnotherRunGoesOnBeforeItsTime() throws ScheduleException {
        // Given
        DueJob due = due(draft -> draft.concurrency = JobDefinition.FORBID);

        // When
        Optional<Claim> claim = Claims.decide(due, true, DUE.minusMillis(1));

        // Then
        assertThat(claim).isEmpty();
    }

    @Test
    void shouldMissItsTimeWhenAnotherRunStillGoesOn() throws ScheduleException {
        // Given
        DueJob due = due(draft -> draft.concurrency = JobDefinition.FORBID);

        // When
        Optional<Claim> claim = Claims.decide(due, true, DUE);

        // Then
        assertThat(claim).contains(new Claim(null, 1, NEXT, DUE, NEXT));
    }

    @Test
    void shouldExpectSuccessAfterAllAttemptsWhenThereIsATimeout() throws ScheduleException {
        // Given: three times 60 s and 10 s for the end, 30 s and 60 s between them
        DueJob due = due(draft -> {
            draft.timeoutSeconds = 60;
            draft.retries = 2;
            draft.retryBackoffSeconds = 30;
        });

        // When
        Optional<Claim> claim = Claims.decide(due, false, DUE);

        // Then
        assertThat(claim).map(Claim::expectedAt).contains(DUE.plusSeconds(3 * 70 + 90));
    }

    @Test
    void shouldExpectTheFirstOneStillWhenLaterTimesPass() throws ScheduleException {
        // Given
        Instant before = DUE.minus(Duration.ofHours(5));
        DueJob due = due(draft -> {}, before, before.plusSeconds(9));

        // When
        Optional<Claim> claim = Claims.decide(due, false, DUE);

        // Then
        assertThat(claim).contains(new Claim(DUE, 0, NEXT, before, before.plusSeconds(9)));
    }

    @Test
    void shouldFindAnEndWhenMoreTimesPassedThanAreCounted() throws ScheduleException {
        // Given
        DueJob due = due(draft -> draft.schedule = "@every 1s");

        // When
        Optional<Claim> claim = Claims.decide(due, false, DUE.plus(Duration.ofDays(30)));

        // Then
        assertThat(claim).map(Claim::runAt).contains(DUE.plus(Duration.ofDays(30)));
        assertThat(claim)
                .map(Claim::nextAt)
                .contains(DUE.plus(Duration.ofDays(30)).plusSeconds(1));
        assertThat(claim)
                .map(Claim::missed)
                .hasValueSatisfying(missed ->
                        assertThat(missed).isBetween(ScheduleLimits.COUNTED_MAX, ScheduleLimits.COUNTED_MAX + 60));
    }

    private static DueJob due(Consumer<Draft> difference) {
        return new DueJob(
                new WorkloadId("web"), "default", 1, hourly(difference), DUE.minusSeconds(9), DUE, null, null);
    }

    private static DueJob due(Consumer<Draft> difference, Instant passedAt, Instant expectedAt) {
        return new DueJob(
                new WorkloadId("web"),
                "default",
                1,
                hourly(difference),
                DUE.minusSeconds(9),
                DUE,
                passedAt,
                expectedAt);
    }

    private static JobDefinition hourly(Consumer<Draft> difference) {
        return job(draft -> {
            draft.schedule = "@hourly";
            difference.accept(draft);
        });
    }
}
