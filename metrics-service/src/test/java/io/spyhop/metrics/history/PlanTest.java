package io.spyhop.metrics.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.metrics.history.Plan.Scope;
import io.spyhop.metrics.store.RetentionConfig;
import io.spyhop.metrics.store.Tier;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:03:20Z");

    private static final RetentionConfig KEPT = new RetentionConfig() {
        @Override
        public Duration raw() {
            return Duration.ofDays(3);
        }

        @Override
        public Duration minutes() {
            return Duration.ofDays(30);
        }

        @Override
        public Duration hours() {
            return Duration.ofDays(365);
        }
    };

    @Test
    void shouldGiveAboutThreeHundredPointsWhenNoStepIsAskedFor() {
        assertThat(plan("PT1H", null)).isEqualTo(plan(Tier.SAMPLES, "11:03:00", "12:03:30", 30));
        assertThat(plan("PT6H", null)).isEqualTo(plan(Tier.SAMPLES, "06:03:00", "12:04:30", 90));
        assertThat(plan("P3D", null).tier()).isEqualTo(Tier.MINUTES);
        assertThat(plan("P3D", null).step()).isEqualTo(900);
        assertThat(plan("P30D", null).tier()).isEqualTo(Tier.HOURS);
        assertThat(plan("P30D", null).step()).isEqualTo(3 * 3600);
        assertThat(plan("P365D", null).step()).isEqualTo(30 * 3600);
    }

    @Test
    void shouldTakeHoursWhenManyAreAddedUpAndNoStepIsAskedFor() {
        // Given
        Scope many = new Scope(1, 30, 100 * 3 * 86_400L);

        assertThat(plan("P3D", null, many)).isEqualTo(plan("P3D", 3600L, many));
        assertThat(plan("P3D", 900L, many).tier()).isEqualTo(Tier.MINUTES);
        assertThat(plan("P1D", null, many).tier()).isEqualTo(Tier.MINUTES);
    }

    @Test
    void shouldTakeTheCoarsestTierThatHasTheStep() {
        assertThat(plan("PT1H", 1L).step()).isEqualTo(30);
        assertThat(plan("PT1H", 45L).step()).isEqualTo(60);
        assertThat(plan("PT1H", 299L)).isEqualTo(plan(Tier.MINUTES, "11:00:00", "12:05:00", 300));
        assertThat(plan("PT1H", 300L)).isEqualTo(plan(Tier.MINUTES, "11:00:00", "12:05:00", 300));
        assertThat(plan("PT1H", 301L)).isEqualTo(plan(Tier.MINUTES, "11:00:00", "12:10:00", 600));
        assertThat(plan("PT1H", 3600L)).isEqualTo(plan(Tier.HOURS, "11:00:00", "13:00:00", 3600));
        assertThat(plan("PT1H", 3601L).step()).isEqualTo(7200);
    }

    @Test
    void shouldTakeACoarserTierWhenTheFineOneIsNotKeptThatLong() {
        assertThat(plan("P3D", 60L).tier()).isEqualTo(Tier.SAMPLES);
        assertThat(plan("P4D", 60L).tier()).isEqualTo(Tier.MINUTES);
        assertThat(plan("P30D", 300L).tier()).isEqualTo(Tier.MINUTES);
        assertThat(plan("P31D", 300L).tier()).isEqualTo(Tier.HOURS);
    }

    @Test
    void shouldTakeALongerStepWhenSamplesAreFarApart() {
        assertThat(plan("PT1H", 10L, new Scope(1, 120, 3600)).step()).isEqualTo(120);
        assertThat(plan("PT1H", 10L, new Scope(1, 240, 3600)).step()).isEqualTo(240);
        assertThat(plan("PT1H", 10L, new Scope(1, 600, 3600)))
                .isEqualTo(plan(Tier.MINUTES, "11:00:00", "12:10:00", 600));
    }

    @Test
    void shouldTakeALongerStepWhenThereWouldBeTooMuch() {
        // Given
        Scope many = new Scope(100, 30, 100 * 3 * 86_400L);
        Scope crowded = new Scope(5, 10, 1000 * 3 * 86_400L);

        // When
        Plan bounded = plan("P3D", 30L, many);
        Plan coarse = plan("P3D", 30L, crowded);

        // Then
        assertThat((bounded.to() - bounded.from()) / bounded.step() * 100)
                .isBetween(10_000L, (long) MetricsApi.BUCKETS_MAX);
        assertThat(coarse.tier()).isEqualTo(Tier.MINUTES);
    }

    @Test
    void shouldRefuseWhatIsNoRange() {
        refused(new SeriesQuery(NOW, NOW, null), "to");
        refused(new SeriesQuery(NOW, NOW.minusSeconds(1), null), "to");
        refused(new SeriesQuery(Instant.MIN, NOW, null), "from");
        refused(new SeriesQuery(NOW, Instant.MAX, null), "to");
        refused(new SeriesQuery(NOW.minusSeconds(1), NOW, 0L), "step");
        refused(new SeriesQuery(NOW.minusSeconds(1), NOW, Long.MAX_VALUE), "step");
        // The widest that is one.
        Plan.check(new SeriesQuery(Instant.EPOCH, Instant.parse("9998-12-31T00:00:00Z"), 366L * 86_400));
    }

    private static void refused(SeriesQuery query, String parameter) {
        assertThatThrownBy(() -> Plan.check(query))
                .isInstanceOf(SpyhopException.class)
                .hasMessageStartingWith(parameter + ":");
    }

    private static Plan plan(Tier tier, String from, String to, long step) {
        return new Plan(
                tier,
                Instant.parse("2026-11-25T" + from + "Z").getEpochSecond(),
                Instant.parse("2026-11-25T" + to + "Z").getEpochSecond(),
                step);
    }

    private static Plan plan(String range, @Nullable Long step) {
        return plan(range, step, new Scope(1, 30, 86_400));
    }

    private static Plan plan(String range, @Nullable Long step, Scope scope) {
        return Plan.of(new SeriesQuery(NOW.minus(Duration.parse(range)), NOW, step), scope, KEPT, NOW);
    }
}
