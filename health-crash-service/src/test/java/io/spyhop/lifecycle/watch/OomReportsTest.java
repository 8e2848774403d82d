package io.spyhop.lifecycle.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OomReportsTest {
    private static final Instant AT = Instant.parse("2026-11-22T03:04:05Z");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final OomReports reports = new OomReports();

    @Test
    void shouldTellWhenTheReportCameFirst() throws InterruptedException {
        // Given
        reports.report("c1", AT);

        // When
        Optional<Instant> reported = reports.await("c1", LONG);

        // Then
        assertThat(reported).hasValue(AT);
    }

    @Test
    void shouldTellWhenTheReportComesMeanwhile() throws InterruptedException {
        // Given
        CompletableFuture<Void> later = CompletableFuture.runAsync(() -> reports.report("c1", AT));

        // When
        Optional<Instant> reported = reports.await("c1", LONG);

        // Then
        later.join();
        assertThat(reported).hasValue(AT);
    }

    @Test
    void shouldTellNothingWhenNoReportComes() throws InterruptedException {
        // Given
        reports.report("another", AT);
        reports.report("c1", AT);
        reports.taken("c1");

        // When
        Optional<Instant> reported = reports.await("c1", Duration.ofMillis(1));

        // Then
        assertThat(reported).isEmpty();
    }

    @Test
    void shouldWaitLongerWhenTheMachineIsBusy() {
        assertThat(OomReports.grace(true, Duration.ZERO)).isEqualTo(Duration.ofMillis(40));
        assertThat(OomReports.grace(true, Duration.ofMillis(-5))).isEqualTo(Duration.ofMillis(40));
        assertThat(OomReports.grace(true, Duration.ofMillis(10))).isEqualTo(Duration.ofMillis(90));
        assertThat(OomReports.grace(true, Duration.ofSeconds(2))).isEqualTo(Duration.ofMillis(300));
        assertThat(OomReports.grace(false, Duration.ofSeconds(2))).isEqualTo(Duration.ofMillis(10));
    }
}
