package io.spyhop.logs.compaction;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds small chunks by the index of them. Thread-safe. */
@ApplicationScoped
class CompactionStore {
    // The index's own condition, as a constant: a parameter would not match it.
    private static final String IS_SMALL = "raw_bytes < " + LogLimits.COMPACTED_RAW_BYTES;

    // Counts in the order of the index, so that it ends with the last workload that is wanted.
    private static final String CANDIDATES = """
            SELECT workload_id, count(*), max(last_line), sum(raw_bytes) FROM logs.chunk
            WHERE %s AND workload_id > ? GROUP BY workload_id ORDER BY workload_id LIMIT ?""".formatted(IS_SMALL);

    // Where numbers go on without a hole, nothing lies between two small chunks.
    private static final String SMALL = """
            SELECT s.first_line, s.last_line, s.first_at, s.last_at, s.retention_class, s.line_count, s.raw_bytes,
                s.before IS NOT NULL AND s.before + 1 <> s.first_line AND EXISTS (
                    SELECT 1 FROM logs.chunk b WHERE b.workload_id = ?
                        AND b.last_line > s.before AND b.last_line < s.first_line)
            FROM (
                SELECT first_line, last_line, first_at, last_at, retention_class, line_count, raw_bytes,
                    lag(last_line) OVER (ORDER BY last_line) AS before
                FROM logs.chunk WHERE workload_id = ? AND %s ORDER BY last_line LIMIT ?) AS s
            ORDER BY s.last_line""".formatted(IS_SMALL);

    private final AgroalDataSource dataSource;

    @Inject
    CompactionStore(@DataSource("logs") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A workload with small chunks.
     *
     * @param small how many
     * @param lastLine of the newest of them
     * @param rawBytes of all of them
     */
    record Candidate(WorkloadId workload, long small, long lastLine, long rawBytes) {
        /** Whether there are enough to look at them. */
        boolean isWorthALook() {
            return small >= LogLimits.COMPACTED_CHUNKS_MIN || (small > 1 && rawBytes >= LogLimits.COMPACTED_RAW_BYTES);
        }
    }

    /**
     * Some workloads with small chunks.
     *
     * @param after go on behind this workload; empty for the first ones
     */
    List<Candidate> candidates(String after) throws SQLException {
        List<Candidate> candidates = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(CANDIDATES)) {
            statement.setString(1, after);
            statement.setInt(2, LogLimits.COMPACTION_CANDIDATES);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    candidates.add(new Candidate(
                            new WorkloadId(row.getString(1)), row.getLong(2), row.getLong(3), row.getLong(4)));
                }
            }
        }
        return candidates;
    }

    /** The oldest small chunks of a workload, in groups of those that lie beside each other. */
    List<List<Chunk>> small(WorkloadId workload) throws SQLException {
        List<List<Chunk>> groups = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(SMALL)) {
            statement.setString(1, workload.value());
            statement.setString(2, workload.value());
            statement.setInt(3, LogLimits.COMPACTION_CHUNKS_MAX);
            try (ResultSet row = statement.executeQuery()) {
                List<Chunk> group = new ArrayList<>();
                while (row.next()) {
                    if (row.getBoolean(8)) {
                        groups.add(group);
                        group = new ArrayList<>();
                    }
                    group.add(new Chunk(
                            workload,
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getShort(5),
                            row.getInt(6),
                            row.getInt(7)));
                }
                if (!group.isEmpty()) {
                    groups.add(group);
                }
            }
        }
        return groups;
    }
}
