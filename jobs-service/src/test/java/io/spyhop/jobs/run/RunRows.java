package io.spyhop.jobs.run;

import io.agroal.api.AgroalDataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of runs, as tests write and read them. */
final class RunRows {
    private static final String MOVE = "UPDATE jobs.run SET partition = ? WHERE id = ?";
    private static final String FIND = "SELECT " + RunStore.COLUMNS + " FROM jobs.run r WHERE id = ?";
    private static final String LEFT = "SELECT container_left FROM jobs.run WHERE id = ?";
    private static final String DIGEST = "SELECT image_digest FROM jobs.run WHERE id = ?";

    private final AgroalDataSource dataSource;
    private final RunStore store;

    RunRows(AgroalDataSource dataSource, RunStore store) {
        this.dataSource = dataSource;
        this.store = store;
    }

    /** Asks for a run. */
    RunId ask(WorkloadId workload, JobDefinition job, Map<String, String> parameters) {
        return ask(workload, job, parameters, -1, null);
    }

    /** Asks for a run that takes exactly an image. */
    RunId askPinned(WorkloadId workload, JobDefinition job, String imageDigest) {
        return ask(workload, job, Map.of(), -1, imageDigest);
    }

    /**
     * Asks for a run.
     *
     * @param partition in which the service does not find it by itself; -1 for the right one
     */
    RunId ask(WorkloadId workload, JobDefinition job, Map<String, String> parameters, int partition) {
        return ask(workload, job, parameters, partition, null);
    }

    private RunId ask(
            WorkloadId workload,
            JobDefinition job,
            Map<String, String> parameters,
            int partition,
            @Nullable String imageDigest) {
        Instant now = Instant.now();
        RunProof proof = RunProof.create();
        RunId id = RunId.create(now, proof);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            store.insert(
                    connection,
                    new NewRun(
                            id,
                            proof,
                            workload,
                            "acme",
                            job,
                            1,
                            parameters,
                            Run.BY_API,
                            null,
                            null,
                            null,
                            now,
                            now,
                            imageDigest,
                            imageDigest,
                            null));
            if (partition >= 0) {
                try (PreparedStatement move = connection.prepareStatement(MOVE)) {
                    move.setInt(1, partition);
                    move.setString(2, id.value());
                    move.executeUpdate();
                }
            }
            connection.commit();
            return id;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Run run(RunId id) {
        return one(FIND, id, RunStore::run);
    }

    boolean containerLeft(RunId id) {
        return one(LEFT, id, row -> row.getBoolean(1));
    }

    String imageDigest(RunId id) {
        return one(DIGEST, id, row -> String.valueOf(row.getString(1)));
    }

    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> T one(String sql, RunId id, Reading<T> reading) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, id.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return reading.read(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
