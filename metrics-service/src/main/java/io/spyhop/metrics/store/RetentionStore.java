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
import java.time.LocalDate;
import java.util.List;

/**
 * Drops partitions that are past their age, which takes milliseconds whatever is in them; but none of which something is not
 * rolled up yet, so that a roll-up that stood still for days loses nothing. Any number of replicas may do it. Thread-safe.
 */
@ApplicationScoped
class RetentionStore {
    // What is late in a day holds that day.
    private static final String DONE = """
        SELECT least(minutes_through, (SELECT min(bucket) FROM metrics.late)), hours_through FROM metrics.progress\
        """;

    private static final String MOVE = "UPDATE metrics.progress SET sample_from = greatest(sample_from, ?)";
    private static final String FORGET = "DELETE FROM metrics.instance WHERE last_on < ?";

    private final AgroalDataSource dataSource;
    private final PartitionStore partitions;
    private final RetentionConfig config;

    @Inject
    RetentionStore(
            @DataSource("usage") AgroalDataSource dataSource, PartitionStore partitions, RetentionConfig config) {
        this.dataSource = dataSource;
        this.partitions = partitions;
        this.config = config;
    }

    /**
     * Drops what is past its age at a time.
     *
     * @return how many partitions
     */
    int drop(Instant now) throws SQLException {
        int dropped = drop(Tier.SAMPLES, Tier.SAMPLES.partitionOf(now.minus(config.raw())))
                + drop(Tier.MINUTES, Tier.MINUTES.partitionOf(now.minus(config.minutes())))
                + drop(Tier.HOURS, Tier.HOURS.partitionOf(now.minus(config.hours())));
        if (dropped > 0) {
            forgetInstances(Tier.HOURS.partitionOf(now.minus(config.hours())));
        }
        return dropped;
    }

    private int drop(Tier tier, LocalDate before) throws SQLException {
        List<LocalDate> old = partitions.partitions(tier).stream()
                .filter(first -> first.isBefore(before))
                .toList();
        if (old.isEmpty()) {
            return 0;
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            LockStore.PARTITIONS.take(connection);
            LockStore.PROGRESS.take(connection);
            LocalDate until = earlier(before, done(connection, tier));
            if (tier == Tier.SAMPLES) {
                try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
                    statement.setTimestamp(1, Timestamp.from(Tier.begin(until)));
                    statement.executeUpdate();
                }
            }
            int dropped = 0;
            try (Statement statement = connection.createStatement()) {
                // Who asks is not kept waiting behind this; it is tried again soon.
                statement.execute("SET LOCAL lock_timeout = '1s'");
                for (LocalDate first : old) {
                    if (first.isBefore(until)) {
                        statement.execute("DROP TABLE IF EXISTS metrics." + tier.partition(first));
                        dropped++;
                    }
                }
            }
            connection.commit();
            partitions.forget();
            return dropped;
        }
    }

    /** The partition up to which nothing of this tier is needed any more to make coarser ones. */
    private static LocalDate done(Connection connection, Tier tier) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(DONE)) {
            row.next();
            return switch (tier) {
                case SAMPLES -> tier.partitionOf(row.getTimestamp(1).toInstant());
                case MINUTES -> tier.partitionOf(row.getTimestamp(2).toInstant());
                case HOURS -> LocalDate.MAX;
            };
        }
    }

    private void forgetInstances(LocalDate before) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setObject(1, before);
            statement.executeUpdate();
        }
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }
}
