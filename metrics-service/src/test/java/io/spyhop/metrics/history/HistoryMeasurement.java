package io.spyhop.metrics.history;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.AggregateQuery;
import io.spyhop.contracts.metric.GroupBy;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.metrics.MetricsBackends;
import io.spyhop.metrics.store.Database;
import io.spyhop.metrics.store.SomeSamples;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast samples of 100 containers over three days are stored, what they take on the disk, how long rolling them up and
 * asking for charts takes. Run by name only: {@code -Dit.test=HistoryMeasurement}.
 */
@QuarkusTest
@QuarkusTestResource(MetricsBackends.class)
class HistoryMeasurement {
    private static final Logger LOGGER = LoggerFactory.getLogger(HistoryMeasurement.class);
    private static final int CONTAINERS = 100;
    private static final int DAYS = 3;

    /** What one poll of a consumer brings. */
    private static final int BATCH = 500;

    private static final int QUESTIONS = 200;

    @Inject
    @DataSource("usage")
    AgroalDataSource dataSource;

    @Inject
    MetricsApi metrics;

    @Inject
    Database database;

    private final Random random = new Random(1);

    @Test
    void measure() throws SQLException {
        Instant now = Instant.now();
        Instant from = Instant.ofEpochSecond(now.minus(Duration.ofDays(DAYS)).getEpochSecond() / 3600 * 3600);
        List<SomeSamples> containers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(SomeSamples.of("org" + i % 5));
        }
        database.beginAt(from);

        long begun = System.nanoTime();
        long count = fill(containers, from, now);
        double seconds = (System.nanoTime() - begun) / 1e9;
        LOGGER.info("MEASURED stored {} samples in {} s: {} a second", count, seconds, Math.round(count / seconds));
        LOGGER.info(
                "MEASURED {} bytes a sample, {} of them indexes",
                size("pg_total_relation_size", "sample") / (double) count,
                size("pg_indexes_size", "sample") / (double) count);

        begun = System.nanoTime();
        database.rollUpTo(now);
        LOGGER.info("MEASURED rolled up in {} s", (System.nanoTime() - begun) / 1e9);
        for (String table : List.of("five_minutes", "hour")) {
            long rows = database.count("metrics." + table);
            LOGGER.info(
                    "MEASURED {}: {} rows, {} bytes a row",
                    table,
                    rows,
                    size("pg_total_relation_size", table) / (double) rows);
        }

        for (String range : List.of("PT1H", "PT6H", "P1D", "P3D")) {
            ask("chart of " + range, i -> chart(containers.get(i % CONTAINERS).workload(), now, range, null));
        }
        ask("chart of P3D each 60 s", i -> chart(containers.get(i % CONTAINERS).workload(), now, "P3D", 60L));
        ask(
                "sums by org of P3D",
                i -> metrics.aggregate(new AggregateQuery(GroupBy.ORG, List.of(), range(now, "P3D", null))));
        ask(
                "page of 1000 samples",
                i -> metrics.samples(
                        containers.get(i % CONTAINERS).workload(),
                        from.toEpochMilli(),
                        now.toEpochMilli(),
                        1000,
                        null));
    }

    private long fill(List<SomeSamples> containers, Instant from, Instant to) throws SQLException {
        long count = 0;
        List<Sample> batch = new ArrayList<>();
        for (Instant slot = from; slot.isBefore(to); slot = slot.plusSeconds(30)) {
            for (SomeSamples each : containers) {
                batch.add(each.at(slot, random.nextDouble(100), 200 + random.nextDouble(50)));
                if (batch.size() == BATCH) {
                    database.put(batch);
                    count += batch.size();
                    batch.clear();
                }
            }
        }
        return count;
    }

    private void chart(WorkloadId workload, Instant now, String range, @Nullable Long step) {
        metrics.series(workload, range(now, range, step));
    }

    private static SeriesQuery range(Instant now, String range, @Nullable Long step) {
        return new SeriesQuery(now.minus(Duration.parse(range)), now, step);
    }

    private static void ask(String name, IntConsumer question) {
        long[] nanos = new long[QUESTIONS];
        for (int i = -20; i < QUESTIONS; i++) {
            long begun = System.nanoTime();
            question.accept(i + 20);
            if (i >= 0) {
                nanos[i] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(nanos);
        LOGGER.info(
                "MEASURED {}: p50 {} ms, p95 {} ms",
                name,
                nanos[QUESTIONS / 2] / 1e6,
                nanos[QUESTIONS * 95 / 100] / 1e6);
    }

    private long size(String function, String table) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sum(" + function
                        + "(inhrelid)) FROM pg_inherits WHERE inhparent = 'metrics." + table + "'::regclass")) {
            row.next();
            return row.getLong(1);
        }
    }
}
