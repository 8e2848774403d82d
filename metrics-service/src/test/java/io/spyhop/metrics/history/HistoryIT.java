package io.spyhop.metrics.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.AggregateQuery;
import io.spyhop.contracts.metric.GroupBy;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.Point;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.Series;
import io.spyhop.contracts.metric.SeriesAnswer;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.metrics.MetricsBackends;
import io.spyhop.metrics.store.Database;
import io.spyhop.metrics.store.SomeSamples;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What charts are told, whatever is rolled up by then. */
@QuarkusTest
@QuarkusTestResource(MetricsBackends.class)
class HistoryIT {
    @Inject
    MetricsApi metrics;

    @Inject
    Database database;

    private final SomeSamples some = SomeSamples.of("acme");
    private final Instant hour = Database.hourAgo(6);
    private final Random random = new Random(1);

    @Test
    void shouldTellAveragesAndBoundsOfEachBucket() throws SQLException {
        // Given: 10, 20, … in each five minutes, and none in the second five.
        database.beginAt(hour);
        database.put(samples(some, 0, 300, i -> 10.0 * (i + 1)));
        database.put(samples(some, 600, 300, i -> 100.0));

        // When
        SeriesAnswer answer = metrics.series(some.workload(), query(0, 900, 300L));

        // Then
        assertThat(answer.from()).isEqualTo(hour);
        assertThat(answer.to()).isEqualTo(hour.plusSeconds(900));
        assertThat(answer.stepSeconds()).isEqualTo(300);
        assertThat(answer.series())
                .containsExactly(
                        series("cpuPct", "percent", 55, 100),
                        series("cpuPctMin", "percent", 10, 100),
                        series("cpuPctMax", "percent", 100, 100),
                        series("memUsedMb", "MiB", 50, 50),
                        series("memUsedMbMin", "MiB", 50, 50),
                        series("memUsedMbMax", "MiB", 50, 50),
                        series("memLimitMb", "MiB", 512, 512),
                        series("netRxRate", "bytes/s", 110, 200),
                        series("netTxRate", "bytes/s", 165, 300),
                        series("blockReadRate", "bytes/s", 220, 400),
                        series("blockWriteRate", "bytes/s", 275, 500),
                        series("pids", "count", 7, 7));
    }

    @Test
    void shouldTellTheSameWhateverIsRolledUp() throws SQLException {
        // Given
        List<Sample> all = samples(some, 0, 4 * 3600, i -> random.nextDouble(300));
        List<Sample> late = all.stream().filter(each -> random.nextInt(4) == 0).toList();
        List<Sample> inTime = new ArrayList<>(all);
        inTime.removeAll(late);
        List<SeriesQuery> questions = List.of(
                query(0, 4 * 3600, 300L),
                query(100, 3 * 3600 + 50, 900L),
                query(0, 4 * 3600, 3600L),
                query(0, 4 * 3600, 7200L));
        // What raw samples say, before anything is rolled up.
        database.beginAt(hour);
        database.put(all);
        List<SeriesAnswer> expected = ask(questions);
        database.execute("DELETE FROM metrics.sample");

        // When
        database.put(inTime);
        database.rollUpTo(hour.plus(Duration.ofMinutes(95)));
        database.put(late);
        List<SeriesAnswer> whileLate = ask(questions);
        database.rollUpTo(hour.plus(Duration.ofMinutes(150)));
        List<SeriesAnswer> partly = ask(questions);
        database.rollUpTo(hour.plus(Duration.ofHours(4)));
        database.execute("DELETE FROM metrics.sample");
        List<SeriesAnswer> without = ask(questions);

        // Then
        same(whileLate, expected);
        same(partly, expected);
        same(without, expected);
    }

    @Test
    void shouldContinueTheLineOfAnIndexWhenItsContainerIsRecreated() throws SQLException {
        // Given
        SomeSamples next = some.container("-next", 0);
        SomeSamples other = some.container("-other", 1);
        database.beginAt(hour);
        database.put(samples(some, 0, 450, i -> 10.0));
        database.put(samples(next, 450, 450, i -> 30.0));
        database.put(samples(other, 0, 900, i -> 5.0));

        // When
        SeriesAnswer answer = metrics.series(some.workload(), query(0, 900, 300L));

        // Then
        assertThat(answer.series().stream().filter(each -> each.name().equals("cpuPct")))
                .containsExactly(
                        new Series("cpuPct", "percent", 0, null, points(0, 10, 300, 20, 600, 30)),
                        new Series("cpuPct", "percent", 1, null, points(0, 5, 300, 5, 600, 5)));
    }

    @Test
    void shouldTellNothingOfAFigureWhenItIsNotKnown() throws SQLException {
        // Given
        database.beginAt(hour);
        database.put(List.of(some.firstAt(hour, 10), some.at(hour.plusSeconds(30), 4, 10)));

        // When
        SeriesAnswer fine = metrics.series(some.workload(), query(0, 60, 30L));

        // Then
        assertThat(only(fine, "cpuPct").points()).isEqualTo(points(30, 4));
        assertThat(only(fine, "memUsedMb").points()).isEqualTo(points(0, 10, 30, 10));
    }

    @Test
    void shouldHaveNoSeriesWhenThereAreNoSamples() {
        // When
        SeriesAnswer answer = metrics.series(new WorkloadId("nobody"), query(0, 3600, null));

        // Then
        assertThat(answer.series()).isEmpty();
    }

    @Test
    void shouldAddUpWhatEachUsesForAsLongAsItLives() throws SQLException {
        // Given: two orgs; one container for all of an hour, another each 60 s for half of it, a third for five
        // minutes.
        SomeSamples beta = SomeSamples.of("beta" + random.nextInt());
        String acme = "acme" + random.nextInt();
        SomeSamples whole = SomeSamples.of(acme);
        SomeSamples half = SomeSamples.of(acme).in(null, "remote").each(60);
        SomeSamples brief = SomeSamples.of(acme).each(30);
        database.beginAt(hour);
        database.put(samples(whole, 0, 3600, i -> 100.0));
        database.put(samples(half, 0, 1800, i -> 50.0));
        database.put(samples(brief, 600, 300, i -> 24.0));
        database.put(samples(beta, 0, 3600, i -> 7.0));

        for (int rolledUp = 0; rolledUp < 2; rolledUp++) {
            // When
            SeriesAnswer byOrg = aggregate(GroupBy.ORG, 3600, acme, beta.org());
            SeriesAnswer byProject = aggregate(GroupBy.PROJECT, 3600, acme);
            SeriesAnswer byHost = aggregate(GroupBy.HOST, 3600, acme);
            SeriesAnswer fine = aggregate(GroupBy.ORG, 300, acme);

            // Then: 100 + 50 / 2 + 24 / 12.
            assertThat(cpu(byOrg)).containsExactly(acme + "=[127.0]", beta.org() + "=[7.0]");
            assertThat(cpu(byProject)).containsExactly(acme + "/=[25.0]", acme + "/shop=[102.0]");
            assertThat(cpu(byHost)).containsExactly("local=[102.0]", "remote=[25.0]");
            assertThat(cpu(fine))
                    .containsExactly(acme
                            + "=[150.0, 150.0, 174.0, 150.0, 150.0, 150.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0]");
            database.rollUpTo(hour.plus(Duration.ofHours(1)));
        }
    }

    @Test
    void shouldTellBoundsOfWhatAGroupUses() throws SQLException {
        // Given: one that rises from 10 to 100 within each five minutes, one that always uses 5, one that begins late.
        String org = "acme" + random.nextInt();
        SomeSamples rising = SomeSamples.of(org);
        SomeSamples steady = SomeSamples.of(org);
        SomeSamples brief = SomeSamples.of(org);
        SomeSamples seldom = SomeSamples.of(org).each(600);
        database.beginAt(hour);
        database.put(samples(rising, 0, 3600, i -> 10.0 * (i % 10 + 1)));
        database.put(samples(steady, 0, 3600, i -> 5.0));
        database.put(samples(brief, 540, 60, i -> 7.0));
        List<String> expected = List.of(
                "cpuPct=[60.466667, 60.0, 60.0, 60.0]",
                "cpuPctMin=[15.0, 15.0, 15.0, 15.0]",
                "cpuPctMax=[112.0, 105.0, 105.0, 105.0]");

        for (int rolledUp = 0; rolledUp < 3; rolledUp++) {
            // When
            SeriesAnswer answer = aggregate(GroupBy.ORG, 900, org);

            // Then: 55 + 5, and 7 for 60 of 900 s; of five minutes 10 + 5 at the least, 100 + 5 + 7 at the most.
            assertThat(answer.series().stream()
                            .filter(each -> each.name().startsWith("cpu"))
                            .map(each -> each.name() + "="
                                    + each.points().stream().map(Point::value).toList()))
                    .containsExactlyElementsOf(expected);
            assertThat(answer.series())
                    .extracting(Series::name)
                    .contains("memUsedMbMin", "memUsedMbMax")
                    .doesNotContain("memLimitMb");
            database.rollUpTo(hour.plus(Duration.ofMinutes(rolledUp == 0 ? 35 : 60)));
        }
        // And one that is sampled every ten minutes counts as one that is sampled often.
        database.put(samples(seldom, 0, 3600, i -> 40.0));
        assertThat(cpu(aggregate(GroupBy.ORG, 1200, org))).containsExactly(org + "=[100.35, 100.0, 100.0]");
    }

    @Test
    void shouldHaveNoPointOfAGroupWhenNothingOfItIsKnown() throws SQLException {
        // Given
        String org = "hole" + some.workload();
        SomeSamples one = SomeSamples.of(org);
        database.beginAt(hour);
        database.put(samples(one, 0, 300, i -> 10.0));
        database.put(samples(one, 1200, 300, i -> 30.0));

        for (int rolledUp = 0; rolledUp < 2; rolledUp++) {
            // When
            SeriesAnswer answer = aggregate(GroupBy.ORG, 300, org);

            // Then
            assertThat(only(answer, "cpuPct").points()).isEqualTo(points(0, 10, 1200, 30));
            database.rollUpTo(hour.plus(Duration.ofHours(1)));
        }
    }

    @Test
    void shouldNotSinkWhenTheLastBucketHasJustBegun() throws SQLException {
        // Given
        Instant now = Instant.now();
        Instant begin = Instant.ofEpochSecond(now.getEpochSecond() / 10 * 10 - 3600);
        String org = "acme" + random.nextInt();
        SomeSamples busy = SomeSamples.of(org).each(10);
        database.beginAt(hour);
        List<Sample> samples = new ArrayList<>();
        for (int second = 0; second <= 3600; second += 10) {
            samples.add(busy.at(begin.plusSeconds(second), 40, 1));
        }
        database.put(samples);

        // When
        SeriesAnswer answer =
                metrics.aggregate(new AggregateQuery(GroupBy.ORG, List.of(org), new SeriesQuery(begin, now, 300L)));

        // Then
        assertThat(only(answer, "cpuPct").points().getLast().value()).isCloseTo(40, within(1.0));
    }

    @Test
    void shouldRefuseWhatIsNoRangeAndNoCursor() {
        refused(() -> metrics.series(some.workload(), query(10, 10, null)), "to:");
        refused(() -> metrics.aggregate(new AggregateQuery(GroupBy.ORG, List.of(), query(10, 10, null))), "to:");
        refused(() -> metrics.samples(some.workload(), 0, 1, 0, null), "limit:");
        refused(() -> metrics.samples(some.workload(), 0, 1, 5001, null), "limit:");
        refused(() -> metrics.samples(some.workload(), -1, 1, 1, null), "from:");
        refused(() -> metrics.samples(some.workload(), 0, 1, 1, "1-2-3"), "cursor:");
    }

    private interface Value {
        double of(int number);
    }

    /** From a second of the hour on, for some seconds; memory is always 50. */
    private List<Sample> samples(SomeSamples of, int from, int seconds, Value cpu) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i * of.interval() < seconds; i++) {
            samples.add(of.at(hour.plusSeconds(from + (long) i * of.interval()), cpu.of(i), 50));
        }
        return samples;
    }

    private SeriesQuery query(long from, long to, @Nullable Long step) {
        return new SeriesQuery(hour.plusSeconds(from), hour.plusSeconds(to), step);
    }

    private SeriesAnswer aggregate(GroupBy by, long step, String... orgs) {
        return metrics.aggregate(new AggregateQuery(by, List.of(orgs), query(0, 3600, step)));
    }

    private List<SeriesAnswer> ask(List<SeriesQuery> questions) {
        return questions.stream()
                .map(each -> metrics.series(some.workload(), each))
                .toList();
    }

    private static void same(List<SeriesAnswer> found, List<SeriesAnswer> expected) {
        for (int i = 0; i < expected.size(); i++) {
            SeriesAnswer one = found.get(i);
            SeriesAnswer other = expected.get(i);
            assertThat(one.from()).isEqualTo(other.from());
            assertThat(one.series())
                    .extracting(Series::name)
                    .isEqualTo(other.series().stream().map(Series::name).toList());
            for (int j = 0; j < one.series().size(); j++) {
                List<Point> points = one.series().get(j).points();
                List<Point> wanted = other.series().get(j).points();
                assertThat(points)
                        .extracting(Point::at)
                        .isEqualTo(wanted.stream().map(Point::at).toList());
                for (int k = 0; k < points.size(); k++) {
                    double value = wanted.get(k).value();
                    assertThat(points.get(k).value())
                            .as("question %s, %s, %s", i, one.series().get(j).name(), wanted.get(k))
                            .isCloseTo(value, within(Math.abs(value) * 1e-6));
                }
            }
        }
    }

    private static List<String> cpu(SeriesAnswer answer) {
        return answer.series().stream()
                .filter(each -> each.name().equals("cpuPct"))
                .map(each -> each.group() + "="
                        + each.points().stream().map(Point::value).toList())
                .toList();
    }

    private static Series only(SeriesAnswer answer, String name) {
        List<Series> found = answer.series().stream()
                .filter(each -> each.name().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    /** In the first and the third five minutes. */
    private Series series(String name, String unit, double first, double third) {
        return new Series(name, unit, 0, null, points(0, first, 600, third));
    }

    /** Seconds of the hour and values. */
    private List<Point> points(double... pairs) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            points.add(new Point(hour.toEpochMilli() + Math.round(pairs[i] * 1000), pairs[i + 1]));
        }
        return points;
    }

    private static void refused(Runnable question, String message) {
        assertThatThrownBy(question::run)
                .hasMessageStartingWith(message)
                .isInstanceOfSatisfying(
                        SpyhopException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETER_INVALID));
    }
}
