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
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes partitions, ahead of time and when a sample needs one. Any number of replicas may make the same one. Thread-safe. A
 * partition is made as a table and then attached: that neither waits for questions nor keeps any waiting.
 */
@ApplicationScoped
public class PartitionStore {
    private static final String EXISTS = "SELECT to_regclass(?) IS NOT NULL";

    private static final String NAMES = """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = ?::regclass ORDER BY c.relname LIMIT 100000\
        """;

    private final AgroalDataSource dataSource;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    @Inject
    PartitionStore(@DataSource("usage") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Whether the partition that a time of a tier is in is known to be there. */
    boolean isKnown(Tier tier, Instant at) {
        return known.contains(tier.partition(tier.partitionOf(at)));
    }

    /** Makes the partition that a time of a tier is in, where it is not known to be there. */
    public void ensure(Tier tier, Instant at) throws SQLException {
        if (isKnown(tier, at)) {
            return;
        }
        LocalDate first = tier.partitionOf(at);
        String name = tier.partition(first);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            LockStore.PARTITIONS.take(connection);
            if (!exists(connection, name)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(
                            "CREATE TABLE metrics.%s (LIKE metrics.%s INCLUDING ALL)".formatted(name, tier.table()));
                    statement.execute(
                            "ALTER TABLE metrics.%s ATTACH PARTITION metrics.%s FOR VALUES FROM ('%s') TO ('%s')"
                                    .formatted(tier.table(), name, Tier.begin(first), Tier.begin(tier.after(first))));
                }
            }
            connection.commit();
        }
        known.add(name);
    }

    /** The first days of all partitions of a tier, ascending. */
    List<LocalDate> partitions(Tier tier) throws SQLException {
        List<LocalDate> partitions = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(NAMES)) {
            statement.setString(1, "metrics." + tier.table());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tier.firstDay(row.getString(1)).ifPresent(partitions::add);
                }
            }
        }
        return partitions;
    }

    /** What is known may be wrong: another dropped a partition. */
    void forget() {
        known.clear();
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setString(1, "metrics." + name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
