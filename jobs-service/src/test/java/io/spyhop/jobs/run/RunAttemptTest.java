package io.spyhop.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.jobs.JobExamples;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunAttemptTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant END = START.plusSeconds(10);

    @Test
    void shouldBeWhatItEndedAsWhenNobodyAskedItToEnd() {
        // When // Then
        assertThat(judged(null, null, exited(0)).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(judged(null, null, exited(3)).status()).isEqualTo(RunStatus.FAILED);
        assertThat(judged(START, null, exited(3)).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void shouldBeCancelledWhenItWasAskedToEndForThat() {
        // When // Then
        assertThat(judged(START, START, exited(143)).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(judged(START, START, exited(143)).signal()).isEqualTo("SIGTERM");
        assertThat(judged(START, START, exited(0)).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(judged(START, START, AttemptEnd.lost(START, END, "gone")).status())
                .isEqualTo(RunStatus.CANCELLED);
        assertThat(judged(START, null, AttemptEnd.refused(null, END, "too soon"))
                        .status())
                .isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void shouldHaveTimedOutWhenItWasAskedToEndWithoutThat() {
        // When
        AttemptEnd end = judged(null, START, exited(137));

        // Then
        assertThat(end.status()).isEqualTo(RunStatus.TIMED_OUT);
        assertThat(end.exitCode()).isEqualTo(137);
        assertThat(end.reason()).isEqualTo("it took longer than 5 s");
        assertThat(judged(null, START, AttemptEnd.lost(START, END, "gone")).status())
                .isEqualTo(RunStatus.LOST);
    }

    @Test
    void shouldHaveSucceededWhenThatWasBeforeItWasAskedToEnd() {
        // When // Then
        assertThat(judged(START, END.plusMillis(1), exited(0)).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(judged(null, END.plusMillis(1), exited(0)).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(judged(null, END.plusMillis(1), exited(1)).status()).isEqualTo(RunStatus.TIMED_OUT);
    }

    @Test
    void shouldBeWhatItEndedAsWhenThatWasInTimeButKnownLate() {
        // Given
        AttemptEnd inTime = AttemptEnd.exited(3, false, START, START.plusSeconds(4));

        // When // Then
        assertThat(judged(null, END.plusSeconds(60), inTime)).isEqualTo(inTime);
        assertThat(judged(null, END.plusSeconds(60), exited(3)).status()).isEqualTo(RunStatus.TIMED_OUT);
    }

    @Test
    void shouldPauseTwiceAsLongEachTimeButNoMoreThanAnHour() {
        // When // Then
        assertThat(RunAttempt.pause(run(1, null, null))).isEqualTo(Duration.ofSeconds(7));
        assertThat(RunAttempt.pause(run(2, null, null))).isEqualTo(Duration.ofSeconds(14));
        assertThat(RunAttempt.pause(run(4, null, null))).isEqualTo(Duration.ofSeconds(56));
        assertThat(RunAttempt.pause(run(11, null, null))).isEqualTo(Duration.ofHours(1));
    }

    private static AttemptEnd exited(int code) {
        return AttemptEnd.exited(code, false, START, END);
    }

    private static AttemptEnd judged(@Nullable Instant cancelled, @Nullable Instant signalled, AttemptEnd end) {
        return RunAttempt.judged(run(1, cancelled, signalled), end);
    }

    private static OpenRun run(int attempt, @Nullable Instant cancelled, @Nullable Instant signalled) {
        JobDefinition job = JobExamples.job(draft -> {
            draft.timeoutSeconds = 5;
            draft.retryBackoffSeconds = 7;
        });
        return new OpenRun(
                RunId.create(START),
                null,
                new WorkloadId("shop"),
                "acme",
                job,
                Map.of(),
                attempt,
                11,
                "local",
                "c",
                null,
                null,
                START,
                cancelled,
                signalled,
                null,
                null);
    }
}
