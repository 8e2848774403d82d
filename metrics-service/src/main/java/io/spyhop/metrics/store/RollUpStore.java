package io.spyhop.metrics.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rolls samples up to five minutes and those to hours, step by step: each step is a transaction that also moves the progress, or
 * takes the late buckets that it did from their list. Killed at any point, it has done a step or not. One replica at a time does it,
 * the others find it locked. Done twice it comes to the same. Thread-safe.
 */
@ApplicationScoped
class RollUpStore {
    private static final String PROGRESS = "SELECT minutes_through, hours_through FROM metrics.progress";
    private static final String MOVE = "UPDATE metrics.progress SET minutes_through = ?, hours_through = ?";

    private static final String REWIND = """
        UPDATE metrics.progress SET minutes_through = least(minutes_through, ?),
            hours_through = least(hours_through, ?), sample_from = least(sample_from, ?)
        WHERE minutes_through > ?\
        """;

    private static final String MINUTES = RollUpSql.into(
            Tier.MINUTES,
            "SELECT s.instance_id, date_bin('5 minutes', s.slot, 'epoch'),\n    " + RollUpSql.ofSamples("s") + """

                FROM metrics.sample s WHERE s.slot >= ? AND s.slot < ? GROUP BY 1, 2\
                """);

    private static final String HOURS = RollUpSql.into(
            Tier.HOURS,
            "SELECT m.instance_id, date_bin('1 hour', m.bucket, 'epoch'),\n    " + RollUpSql.ofBuckets("m") + """

                FROM metrics.five_minutes m WHERE m.bucket >= ? AND m.bucket < ? GROUP BY 1, 2\
                """);

    private static final String LATE =
            "SELECT bucket, instance_id FROM metrics.late ORDER BY bucket, instance_id LIMIT ?";

    // OFFSET 0 keeps the few buckets outside and the index inside, whatever is guessed of the sizes.
    private static final String LATE_MINUTES =
            RollUpSql.into(Tier.MINUTES, "SELECT s.instance_id, l.bucket,\n    " + RollUpSql.ofSamples("s") + """

                FROM (SELECT to_timestamp(b) AS bucket, i AS instance_id FROM unnest(?::bigint[], ?::int[]) AS u (b, i)) AS l
                CROSS JOIN LATERAL (SELECT * FROM metrics.sample s WHERE s.instance_id = l.instance_id
                    AND s.slot >= l.bucket AND s.slot < l.bucket + interval '5 minutes' OFFSET 0) AS s
                GROUP BY 1, 2\
                """);

    private static final String LATE_HOURS =
            RollUpSql.into(Tier.HOURS, "SELECT m.instance_id, l.bucket,\n    " + RollUpSql.ofBuckets("m") + """

                FROM (SELECT to_timestamp(b) AS bucket, i AS instance_id FROM unnest(?::bigint[], ?::int[]) AS u (b, i)) AS l
                CROSS JOIN LATERAL (SELECT * FROM metrics.five_minutes m WHERE m.instance_id = l.instance_id
                    AND m.bucket >= l.bucket AND m.bucket < l.bucket + interval '1 hour' OFFSET 0) AS m
                GROUP BY 1, 2\
                """);

    private static final String DONE = """
        DELETE FROM metrics.late WHERE (bucket, instance_id) IN
            (SELECT to_timestamp(b), i FROM unnest(?::bigint[], ?::int[]) AS u (b, i))\
        """;

    /** A bucket of an instance. */
    private record Bucket(long second, int instance) implements Comparable<Bucket> {
        @Override
        public int compareTo(Bucket other) {
            int bySecond = Long.compare(second, other.second);
            return bySecond == 0 ? Integer.compare(instance, other.instance) : bySecond;
        }
    }

    private final AgroalDataSource dataSource;
    private final PartitionStore partitions;

    @Inject
    RollUpStore(@DataSource("usage") AgroalDataSource dataSource, PartitionStore partitions) {
        this.dataSource = dataSource;
        this.partitions = partitions;
    }

    /**
     * Takes back progress into the future, where a clock led that was wrong: else every sample would be late, or too old, until
     * that time comes. What comes from now on is rolled up again, which comes to the same.
     *
     * @return whether there was any
     */
    boolean rewind(Instant now) throws SQLException {
        Instant future = now.plus(StoreLimits.FUTURE_MAX);
        if (!progress().getFirst().isAfter(future)) {
            return false;
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            LockStore.PROGRESS.take(connection);
            int rewound;
            try (PreparedStatement statement = connection.prepareStatement(REWIND)) {
                statement.setTimestamp(1, Timestamp.from(Tier.MINUTES.floor(now)));
                statement.setTimestamp(2, Timestamp.from(Tier.HOURS.floor(now)));
                statement.setTimestamp(3, Timestamp.from(Tier.begin(Tier.SAMPLES.partitionOf(now))));
                statement.setTimestamp(4, Timestamp.from(future));
                rewound = statement.executeUpdate();
            }
            connection.commit();
            return rewound > 0;
        }
    }

    /**
     * Rolls up the next buckets that ended before a time.
     *
     * @return whether there may be more
     */
    boolean step(Instant before) throws SQLException {
        Instant from = progress().getFirst();
        Instant to = next(from, before);
        if (!from.isBefore(to)) {
            return false;
        }
        partitions.ensure(Tier.MINUTES, from);
        partitions.ensure(Tier.MINUTES, to);
        partitions.ensure(Tier.HOURS, from);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            if (!LockStore.ROLL_UP.tryTake(connection)) {
                return false;
            }
            // Whoever stores now ends before, or finds the progress moved and marks what is late.
            LockStore.PROGRESS.take(connection);
            List<Instant> progress = progress(connection);
            if (!progress.getFirst().equals(from)) {
                return true;
            }
            Instant hours = progress.getLast();
            Instant hoursTo = Tier.HOURS.floor(to);
            run(connection, MINUTES, from, to);
            if (hours.isBefore(hoursTo)) {
                run(connection, HOURS, hours, hoursTo);
            }
            run(connection, MOVE, to, hours.isBefore(hoursTo) ? hoursTo : hours);
            connection.commit();
        }
        return true;
    }

    /**
     * Rolls up anew what samples came late for.
     *
     * @return how many buckets that were; fewer than {@link StoreLimits#LATE_MAX} when all are done
     */
    int late() throws SQLException {
        List<Bucket> known = lateBuckets();
        if (known.isEmpty()) {
            return 0;
        }
        for (Bucket each : known) {
            partitions.ensure(Tier.MINUTES, Instant.ofEpochSecond(each.second()));
            partitions.ensure(Tier.HOURS, Instant.ofEpochSecond(each.second()));
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            if (!LockStore.ROLL_UP.tryTake(connection)) {
                return 0;
            }
            LockStore.PROGRESS.take(connection);
            List<Bucket> buckets = late(connection, StoreLimits.LATE_MAX);
            // Partitions were made for what was known; what came meanwhile has its turn next time.
            buckets.retainAll(Set.copyOf(known));
            long hoursThrough = progress(connection).getLast().getEpochSecond();
            TreeSet<Bucket> hours = new TreeSet<>();
            for (Bucket each : buckets) {
                long hour =
                        Tier.HOURS.floor(Instant.ofEpochSecond(each.second())).getEpochSecond();
                if (hour < hoursThrough) {
                    hours.add(new Bucket(hour, each.instance()));
                }
            }
            run(connection, LATE_MINUTES, buckets);
            run(connection, LATE_HOURS, List.copyOf(hours));
            run(connection, DONE, buckets);
            connection.commit();
            return buckets.size();
        }
    }

    private static Instant next(Instant from, Instant before) {
        Instant end = Tier.MINUTES.floor(before);
        Instant step = from.plus(StoreLimits.ROLL_UP_STEP);
        return step.isBefore(end) ? step : end;
    }

    private List<Bucket> lateBuckets() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return late(connection, StoreLimits.LATE_MAX);
        }
    }

    private List<Instant> progress() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return progress(connection);
        }
    }

    private static List<Instant> progress(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PROGRESS)) {
            row.next();
            return List.of(row.getTimestamp(1).toInstant(), row.getTimestamp(2).toInstant());
        }
    }

    private static List<Bucket> late(Connection connection, int limit) throws SQLException {
        List<Bucket> buckets = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(LATE)) {
            statement.setInt(1, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    buckets.add(new Bucket(row.getTimestamp(1).toInstant().getEpochSecond(), row.getInt(2)));
                }
            }
        }
        return buckets;
    }

    private static void run(Connection connection, String sql, Instant from, Instant to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setTimestamp(1, Timestamp.from(from));
            statement.setTimestamp(2, Timestamp.from(to));
            statement.executeUpdate();
        }
    }

    private static void run(Connection connection, String sql, List<Bucket> buckets) throws SQLException {
        if (buckets.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            new ColumnStore<>(connection, statement, buckets)
                    .add("int8", Bucket::second)
                    .add("int4", Bucket::instance);
            statement.executeUpdate();
        }
    }
}
