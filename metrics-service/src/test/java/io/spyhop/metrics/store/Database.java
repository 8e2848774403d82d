package io.spyhop.metrics.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.metric.Sample;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The tables as a test wants them, and as it finds them. */
@Singleton
public class Database {
    private final AgroalDataSource dataSource;
    private final SampleStore store;
    private final StoreSchedule schedule;

    @Inject
    Database(@DataSource("usage") AgroalDataSource dataSource, SampleStore store, StoreSchedule schedule) {
        this.dataSource = dataSource;
        this.store = store;
        this.schedule = schedule;
    }

    /** Stores samples the way the consumer does. */
    SampleStore.Outcome store(List<Sample> samples) throws SQLException {
        return store.store(stored(samples));
    }

    static List<StoredSample> stored(List<Sample> samples) {
        return samples.stream()
                .map(each -> StoredSample.of(each, Instant.now()))
                .toList();
    }

    /** Stores samples, and nobody asks what became of them. */
    public void put(List<Sample> samples) throws SQLException {
        store(samples);
    }

    /** Nothing before this hour is rolled up, nothing is late, and nothing is too old. */
    public void beginAt(Instant hour) throws SQLException {
        execute("DELETE FROM metrics.late");
        execute("UPDATE metrics.progress SET sample_from = 'epoch', minutes_through = '%1$s', hours_through = '%1$s'"
                .formatted(hour));
    }

    /** Rolls up what ended before a time. */
    public void rollUpTo(Instant end) throws SQLException {
        schedule.rollUp(end.plus(StoreLimits.SETTLED));
    }

    /** How many rows a condition holds for. */
    public long count(String from) throws SQLException {
        return Math.round(numbers("SELECT count(*) FROM " + from).getFirst().getFirst());
    }

    /** Numbers; what is null is not a number. */
    List<List<Double>> numbers(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<List<Double>> rows = new ArrayList<>();
            while (row.next()) {
                List<Double> numbers = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    double number = row.getDouble(i);
                    numbers.add(row.wasNull() ? Double.valueOf(Double.NaN) : Double.valueOf(number));
                }
                rows.add(numbers);
            }
            return rows;
        }
    }

    /** Does something by itself. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The hour that began so long ago. */
    public static Instant hourAgo(int hours) {
        return Tier.HOURS.floor(Instant.now().minus(Duration.ofHours(hours)));
    }
}
