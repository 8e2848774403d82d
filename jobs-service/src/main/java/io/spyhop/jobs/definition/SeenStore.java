package io.spyhop.jobs.definition;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.jobs.transaction.TransactionStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which workloads had a container at some time, and of which one runs, as their owners saw it. Thread-safe. */
@Singleton
class SeenStore extends TransactionStore {
    private static final String PUT = """
        INSERT INTO jobs.seen (workload_id, partition, running) VALUES (?, ?, ?)
        ON CONFLICT (workload_id) DO UPDATE SET running = excluded.running WHERE seen.running <> excluded.running\
        """;

    private static final String RUNNING = "SELECT workload_id FROM jobs.seen WHERE partition = ANY (?) AND running";

    @Inject
    SeenStore(@DataSource("jobs") AgroalDataSource dataSource) {
        super(dataSource);
    }

    /** Of which workloads one runs, as it was written down last. */
    Set<WorkloadId> running(Set<Integer> partitions) throws SQLException {
        return transaction(connection -> {
            Set<WorkloadId> found = new HashSet<>();
            try (PreparedStatement select = prepared(connection, RUNNING, partitions(connection, partitions));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new WorkloadId(row.getString(1)));
                }
            }
            return found;
        });
    }

    /** Writes down of these whether one runs. */
    void put(Map<WorkloadId, Boolean> running) throws SQLException {
        transaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(PUT)) {
                for (Map.Entry<WorkloadId, Boolean> each : running.entrySet()) {
                    insert.setString(1, each.getKey().value());
                    insert.setInt(2, RecordKey.partitionOf(each.getKey().value()));
                    insert.setBoolean(3, each.getValue());
                    insert.addBatch();
                }
                return insert.executeBatch();
            }
        });
    }
}
