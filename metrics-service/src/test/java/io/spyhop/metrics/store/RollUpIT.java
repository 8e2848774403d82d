package io.spyhop.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.metrics.MetricsBackends;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What samples come to, and what becomes of old ones. Everything is compared with what the test computes by itself. */
@QuarkusTest
@QuarkusTestResource(MetricsBackends.class)
class RollUpIT {
    /** What is stored has seven digits. */
    private static final double PRECISION = 1e-5;

    @Inject
    @DataSource("usage")
    AgroalDataSource dataSource;

    @Inject
    PartitionStore partitions;

    @Inject
    RollUpStore rollUp;

    @Inject
    RetentionStore retention;

    @Inject
    StoreSchedule schedule;

    @Inject
    Database database;

    private final SomeSamples some = SomeSamples.of("acme");
    private final Instant hour = Database.hourAgo(6);
    private final Random random = new Random(1);

    @Test
    void shouldComeToWhatTheTestComputesWhenSamplesAreOfAnyKind() throws SQLException {
        // Given: three hours with holes, unknown figures and two intervals.
        List<Sample> samples = anything(Duration.ofHours(3));
        database.beginAt(hour);
        database.store(samples);

        // When
        database.rollUpTo(hour.plus(Duration.ofHours(3)));

        // Then
        compare(samples, Tier.MINUTES);
        compare(samples, Tier.HOURS);
    }

    @Test
    void shouldComeToTheSameWhenSamplesAreLateOrRolledUpAgain() throws SQLException {
        // Given
        List<Sample> samples = anything(Duration.ofHours(3));
        List<Sample> inTime = new ArrayList<>();
        List<Sample> late = new ArrayList<>();
        samples.forEach(each -> (random.nextInt(3) == 0 ? late : inTime).add(each));
        database.beginAt(hour);
        database.store(inTime);
        database.rollUpTo(hour.plus(Duration.ofHours(3)));

        // When
        database.store(late);
        database.store(inTime);
        long marked = lateBuckets();
        database.rollUpTo(hour.plus(Duration.ofHours(3)));
        database.rollUpTo(hour.plus(Duration.ofHours(3)));

        // Then
        assertThat(marked)
                .isEqualTo(late.stream()
                        .map(each -> Tier.MINUTES.floor(each.slot()))
                        .distinct()
                        .count());
        assertThat(lateBuckets()).isZero();
        compare(samples, Tier.MINUTES);
        compare(samples, Tier.HOURS);
    }

    @Test
    void shouldLeaveOutWhatHasNotEndedWhenItRollsUp() throws SQLException {
        // Given
        List<Sample> samples = anything(Duration.ofHours(2));
        database.beginAt(hour);
        database.store(samples);
        Instant end = hour.plus(Duration.ofMinutes(73));

        // When
        database.rollUpTo(end);

        // Then
        compare(before(samples, hour.plus(Duration.ofMinutes(70))), Tier.MINUTES);
        compare(before(samples, hour.plus(Duration.ofHours(1))), Tier.HOURS);
    }

    @Test
    void shouldHaveDoneNothingWhenAStepFailsHalfWay() throws SQLException {
        // Given
        List<Sample> samples = anything(Duration.ofHours(1));
        database.beginAt(hour);
        database.store(samples);
        database.execute("CREATE FUNCTION metrics.refuse() RETURNS trigger LANGUAGE plpgsql AS "
                + "$$ BEGIN RAISE EXCEPTION 'no'; END $$");
        database.execute("CREATE TRIGGER refuse BEFORE UPDATE ON metrics.progress EXECUTE FUNCTION metrics.refuse()");

        // When
        assertThatThrownBy(() -> database.rollUpTo(hour.plus(Duration.ofHours(1))))
                .isInstanceOf(SQLException.class);
        long done = rows(Tier.MINUTES);
        database.execute("DROP FUNCTION metrics.refuse CASCADE");
        database.rollUpTo(hour.plus(Duration.ofHours(1)));

        // Then
        assertThat(done).isZero();
        compare(samples, Tier.MINUTES);
        compare(samples, Tier.HOURS);
    }

    @Test
    void shouldRollUpOnceWhenReplicasDoItAtTheSameTimeWhileSamplesCome() throws Exception {
        // Given
        List<Sample> samples = anything(Duration.ofHours(3));
        database.beginAt(hour);
        List<Callable<Object>> replicas = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            replicas.add(() -> {
                for (int minutes = 5; minutes <= 180; minutes += 5) {
                    Instant end = hour.plus(Duration.ofMinutes(minutes));
                    while (rollUp.step(end)) {
                        rollUp.late();
                    }
                }
                return true;
            });
        }
        SampleStore store = new SampleStore(dataSource, partitions);
        replicas.add(() -> {
            for (int i = 0; i < samples.size(); i += 10) {
                store.store(Database.stored(samples.subList(i, Math.min(samples.size(), i + 10))));
            }
            return true;
        });

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<Object> each : threads.invokeAll(replicas)) {
                each.get();
            }
        }
        database.rollUpTo(hour.plus(Duration.ofHours(3)));

        // Then
        compare(samples, Tier.MINUTES);
        compare(samples, Tier.HOURS);
    }

    @Test
    void shouldStoreAndRollUpAgainWhenAWrongClockLedItIntoTheFuture() throws SQLException {
        // Given: a clock that was ten days ahead, when what was there was rolled up, and found too old
        Instant future = Tier.HOURS.floor(Instant.now().plus(Duration.ofDays(10)));
        database.beginAt(future);
        database.execute("UPDATE metrics.progress SET sample_from = '" + future + "'");
        Instant now = hour.plus(Duration.ofMinutes(10));
        List<Sample> samples = new ArrayList<>();
        for (int second = 0; second < 600; second += 30) {
            samples.add(some.at(now.plusSeconds(second), second, 1));
        }

        // When
        SampleStore.Outcome refused = database.store(samples);
        schedule.rollUp(now);
        SampleStore.Outcome stored = database.store(samples);
        schedule.rollUp(now.plus(Duration.ofMinutes(51)));

        // Then
        assertThat(refused).isEqualTo(new SampleStore.Outcome(0, 0, samples.size()));
        assertThat(stored).isEqualTo(new SampleStore.Outcome(samples.size(), 0, 0));
        assertThat(lateBuckets()).isZero();
        compare(samples, Tier.MINUTES);
        compare(samples, Tier.HOURS);
    }

    @Test
    void shouldStandAsideWhenAnotherReplicaRollsUp() throws SQLException {
        // Given
        database.beginAt(hour);
        database.store(anything(Duration.ofHours(1)));

        // When
        boolean stepped;
        try (Connection other = dataSource.getConnection()) {
            other.setAutoCommit(false);
            LockStore.ROLL_UP.take(other);
            stepped = rollUp.step(hour.plus(Duration.ofHours(1)));
            other.rollback();
        }

        // Then
        assertThat(stepped).isFalse();
        assertThat(rows(Tier.MINUTES)).isZero();
    }

    @Test
    void shouldDropWholeDaysWhenTheyArePastTheirAge() throws SQLException {
        // Given
        Instant now = Instant.now();
        Instant old = Tier.HOURS.floor(now.minus(Duration.ofDays(5)));
        Instant young = Tier.HOURS.floor(now.minus(Duration.ofDays(2)));
        database.beginAt(old);
        database.store(List.of(some.at(old, 1, 1), some.at(young, 2, 2)));
        rollUpEmpty(old);

        // When
        schedule.tidy(now);
        SampleStore.Outcome tooLate = database.store(List.of(some.at(old, 1, 1), some.at(young, 2, 2)));

        // Then
        assertThat(tooLate).isEqualTo(new SampleStore.Outcome(0, 1, 1));
        assertThat(mine(Tier.SAMPLES)).isEqualTo(1);
        assertThat(rows(Tier.MINUTES)).isEqualTo(1);
        assertThat(partitions.partitions(Tier.SAMPLES))
                .allMatch(day -> !day.isBefore(Tier.SAMPLES.partitionOf(now.minus(Duration.ofDays(3)))))
                .contains(Tier.SAMPLES.partitionOf(now.plus(Duration.ofDays(1))));
    }

    @Test
    void shouldDropNothingThatIsNotRolledUp() throws SQLException {
        // Given
        Instant now = Instant.now();
        Instant old = Tier.HOURS.floor(now.minus(Duration.ofDays(5)));
        database.beginAt(old);
        database.store(List.of(some.at(old, 1, 1)));

        // When
        retention.drop(now);
        long whileNotRolledUp = mine(Tier.SAMPLES);
        database.beginAt(now);
        database.store(List.of(some.at(old.plusSeconds(30), 1, 1)));
        retention.drop(now);
        long whileLate = mine(Tier.SAMPLES);
        rollUp.late();
        retention.drop(now);

        // Then
        assertThat(whileNotRolledUp).isEqualTo(1);
        assertThat(whileLate).isEqualTo(2);
        assertThat(mine(Tier.SAMPLES)).isZero();
        assertThat(rows(Tier.MINUTES)).isEqualTo(1);
    }

    @Test
    void shouldDropCoarserTiersAtTheirOwnAge() throws SQLException {
        // Given
        Instant now = Instant.now();
        Instant month = Tier.HOURS.floor(now.minus(Duration.ofDays(40)));
        Instant years = Tier.HOURS.floor(now.minus(Duration.ofDays(700)));
        for (Instant at : List.of(month, years)) {
            database.beginAt(at);
            database.store(List.of(some.at(at, 1, 1)));
            database.rollUpTo(at.plus(Duration.ofHours(1)));
        }
        database.beginAt(now);

        // When
        long before = rows(Tier.MINUTES) + rows(Tier.HOURS);
        retention.drop(now);

        // Then
        assertThat(before).isEqualTo(4);
        assertThat(rows(Tier.MINUTES)).isZero();
        assertThat(rows(Tier.HOURS)).isEqualTo(1);
    }

    /** Of one instance; a slot now and then is missing, or of a life that has just begun. */
    private List<Sample> anything(Duration length) {
        List<Sample> samples = new ArrayList<>();
        for (long second = 0; second < length.toSeconds(); second += 30) {
            Instant slot = hour.plusSeconds(second);
            int kind = random.nextInt(10);
            SomeSamples of = second < length.toSeconds() / 2 ? some : some.each(10);
            if (kind == 1) {
                samples.add(of.firstAt(slot, random.nextDouble(1000)));
            } else if (kind > 1) {
                samples.add(of.at(slot, random.nextDouble(200), random.nextDouble(1000)));
            }
        }
        return samples;
    }

    private static List<Sample> before(List<Sample> samples, Instant end) {
        return samples.stream().filter(each -> each.slot().isBefore(end)).toList();
    }

    /** As fast as if nothing were there: steps over days would take long. */
    private void rollUpEmpty(Instant from) throws SQLException {
        database.rollUpTo(from.plus(Duration.ofHours(1)));
        database.execute("UPDATE metrics.progress SET minutes_through = '%1$s', hours_through = '%1$s'"
                .formatted(Database.hourAgo(1)));
    }

    private long lateBuckets() throws SQLException {
        return database.count("metrics.late");
    }

    private long rows(Tier tier) throws SQLException {
        return mine(tier);
    }

    private long mine(Tier tier) throws SQLException {
        return database.count("metrics." + tier.table()
                + " JOIN metrics.instance USING (instance_id) WHERE workload_id = '" + some.workload() + "'");
    }

    private void compare(List<Sample> samples, Tier tier) throws SQLException {
        List<List<Double>> found =
                database.numbers("SELECT extract(epoch FROM bucket), covered_s, cpu_s, cpu_avg, cpu_min, cpu_max,"
                        + " mem_used_avg, mem_used_max, net_rx_s, net_rx_avg, block_write_max, pids_avg FROM metrics."
                        + tier.table() + " JOIN metrics.instance USING (instance_id) WHERE workload_id = '"
                        + some.workload()
                        + "' ORDER BY bucket");
        List<Instant> buckets = samples.stream()
                .map(each -> tier.floor(each.slot()))
                .distinct()
                .sorted()
                .toList();
        assertThat(found).hasSize(buckets.size()).isNotEmpty();
        for (int i = 0; i < buckets.size(); i++) {
            Instant bucket = buckets.get(i);
            List<Sample> in = samples.stream()
                    .filter(each -> tier.floor(each.slot()).equals(bucket))
                    .toList();
            List<Double> expected = List.of(
                    (double) bucket.getEpochSecond(),
                    seconds(in, Usage::memUsedMb),
                    seconds(in, Usage::cpuPct),
                    average(in, Usage::cpuPct),
                    least(in, Usage::cpuPct),
                    most(in, Usage::cpuPct),
                    average(in, Usage::memUsedMb),
                    most(in, Usage::memUsedMb),
                    seconds(in, Usage::netRxRate),
                    average(in, Usage::netRxRate),
                    most(in, Usage::blockWriteRate),
                    average(in, usage -> usage.pids() == null ? null : (double) usage.pids()));
            for (int column = 0; column < expected.size(); column++) {
                double wanted = expected.get(column);
                double value = found.get(i).get(column);
                if (Double.isNaN(wanted)) {
                    assertThat(value).isNaN();
                } else {
                    assertThat(value).as("%s, column %s", bucket, column).isCloseTo(wanted, precision(wanted));
                }
            }
        }
    }

    private static Offset<Double> precision(double value) {
        return within(Math.max(PRECISION, Math.abs(value) * PRECISION / 10));
    }

    private static double seconds(List<Sample> samples, Function<Usage, @Nullable Double> figure) {
        return samples.stream()
                .filter(each -> figure.apply(each.usage()) != null)
                .mapToDouble(Sample::intervalSeconds)
                .sum();
    }

    private static double average(List<Sample> samples, Function<Usage, @Nullable Double> figure) {
        double sum = 0;
        for (Sample each : samples) {
            Double value = figure.apply(each.usage());
            sum += value == null ? 0 : value * each.intervalSeconds();
        }
        double seconds = seconds(samples, figure);
        return seconds == 0 ? Double.NaN : sum / seconds;
    }

    private static double least(List<Sample> samples, Function<Usage, @Nullable Double> figure) {
        return samples.stream()
                .map(each -> figure.apply(each.usage()))
                .filter(Objects::nonNull)
                .mapToDouble(value -> value)
                .min()
                .orElse(Double.NaN);
    }

    private static double most(List<Sample> samples, Function<Usage, @Nullable Double> figure) {
        return samples.stream()
                .map(each -> figure.apply(each.usage()))
                .filter(Objects::nonNull)
                .mapToDouble(value -> value)
                .max()
                .orElse(Double.NaN);
    }
}
