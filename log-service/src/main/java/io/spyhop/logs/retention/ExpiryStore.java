package io.spyhop.logs.retention;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.compaction.Chunk;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds, measures and removes chunks. A chunk's size is known without reading its payload. Thread-safe; every method is one
 * transaction.
 */
@ApplicationScoped
class ExpiryStore {
    private static final String BYTES = "octet_length(payload)::bigint + coalesce(octet_length(filter), 0)";

    private static final String COLUMNS =
            "workload_id, first_line, last_line, first_at, last_at, retention_class, line_count, raw_bytes, " + BYTES;

    private static final String DELETE = """
            , gone AS (
                DELETE FROM logs.chunk c USING old WHERE c.ctid = old.ctid
                RETURNING c.line_count AS lines, %s AS bytes)
            SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(bytes), 0) FROM gone""".formatted(BYTES);

    private static final String REMOVE_WHOLE = """
            WITH old AS MATERIALIZED (
                SELECT ctid FROM logs.chunk WHERE workload_id = ? AND last_line < ?
                    AND last_at < CASE retention_class WHEN 0 THEN ? WHEN 1 THEN ? ELSE least(?, ?) END
                ORDER BY last_line LIMIT ? FOR UPDATE)""" + DELETE;

    private static final String PARTIAL = "SELECT " + COLUMNS + """
             FROM logs.chunk WHERE workload_id = ? AND first_line < ?
                AND first_at < CASE retention_class WHEN 0 THEN ? WHEN 1 THEN ? ELSE greatest(?, ?) END
                AND last_line > ?
            ORDER BY last_line LIMIT ?""";

    private static final String REMOVE_THESE = """
            WITH old AS MATERIALIZED (
                SELECT c.ctid FROM logs.chunk c
                JOIN unnest(?::text[], ?::bigint[], ?::bigint[], ?::int[]) AS v (id, first_line, last_line, line_count)
                    ON c.workload_id = v.id AND c.last_line = v.last_line AND c.first_line = v.first_line
                        AND c.line_count = v.line_count
                ORDER BY c.workload_id, c.last_line FOR UPDATE OF c)""" + DELETE;

    private static final String OLDEST_OF_WORKLOAD = "SELECT " + COLUMNS + """
             FROM logs.chunk WHERE workload_id = ? AND (retention_class = 1) = ? ORDER BY last_line LIMIT ?""";

    private static final String OLDEST = "SELECT " + COLUMNS + """
             FROM logs.chunk WHERE (retention_class = 1) = ? ORDER BY last_at, workload_id, last_line LIMIT ?""";

    private static final String USAGE = """
            SELECT coalesce(sum(%s), 0), coalesce(sum(raw_bytes), 0), coalesce(sum(line_count), 0), min(first_at)
            FROM logs.chunk WHERE workload_id = ?""".formatted(BYTES);

    private static final String OVER = """
            SELECT s.workload_id, s.bytes FROM (
                SELECT workload_id, sum(%s) AS bytes FROM logs.chunk GROUP BY workload_id) AS s
            LEFT JOIN logs.retention r ON r.workload_id = s.workload_id
            WHERE s.bytes > coalesce(r.api_max_bytes, r.label_max_bytes, ?)
            ORDER BY s.bytes DESC LIMIT ?""".formatted(BYTES);

    private static final String TOTAL = "SELECT coalesce(sum(%s), 0) FROM logs.chunk".formatted(BYTES);

    private static final String ON_DISK = "SELECT pg_total_relation_size('logs.chunk')";

    private static final String LAST_LINE = "SELECT last_line FROM logs.position WHERE workload_id = ?";

    private static final String PATIENCE =
            "SET LOCAL statement_timeout = '" + LogLimits.SUM_PATIENCE.toMillis() + "ms'";

    private final AgroalDataSource dataSource;

    @Inject
    ExpiryStore(@DataSource("logs") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A chunk and its stored bytes. */
    record Sized(Chunk chunk, long bytes) {}

    /**
     * What is stored of a workload.
     *
     * @param oldestAt null where nothing is
     */
    record Usage(
            long storedBytes,
            long rawBytes,
            long lines,
            @Nullable Long oldestAt) {}

    /** Removes the oldest chunks of which every line goes, a batch of them. */
    Removed removeWhole(WorkloadId workload, Cut cut) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(REMOVE_WHOLE)) {
            statement.setString(1, workload.value());
            statement.setLong(2, cut.beforeLine());
            times(statement, 3, cut);
            statement.setInt(7, LogLimits.REMOVED_CHUNKS);
            return removed(statement);
        }
    }

    /** Chunks behind a number of which some lines may go. */
    List<Sized> partial(WorkloadId workload, Cut cut, long afterLastLine) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PARTIAL)) {
            statement.setString(1, workload.value());
            statement.setLong(2, cut.beforeLine());
            times(statement, 3, cut);
            statement.setLong(7, afterLastLine);
            statement.setInt(8, LogLimits.REMOVED_CHUNKS);
            return chunks(statement);
        }
    }

    /** Removes these chunks, as far as they are still as they were. */
    Removed remove(List<Chunk> chunks) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(REMOVE_THESE)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            chunks.stream().map(each -> each.workload().value()).toArray(String[]::new)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", chunks.stream().map(Chunk::firstLine).toArray(Long[]::new)));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", chunks.stream().map(Chunk::lastLine).toArray(Long[]::new)));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "int", chunks.stream().map(Chunk::lineCount).toArray(Integer[]::new)));
            return removed(statement);
        }
    }

    /** The oldest chunks with output, or the oldest with system lines only; of one workload, or of all. */
    List<Sized> oldest(@Nullable WorkloadId workload, boolean systemOnly) throws SQLException {
        try (Connection connection = patient();
                PreparedStatement statement =
                        connection.prepareStatement(workload == null ? OLDEST : OLDEST_OF_WORKLOAD)) {
            int index = 1;
            if (workload != null) {
                statement.setString(index++, workload.value());
            }
            statement.setBoolean(index++, systemOnly);
            statement.setInt(index, LogLimits.CHOSEN_CHUNKS);
            List<Sized> oldest = chunks(statement);
            connection.commit();
            return oldest;
        }
    }

    Usage usage(WorkloadId workload) throws SQLException {
        try (Connection connection = patient();
                PreparedStatement statement = connection.prepareStatement(USAGE)) {
            statement.setString(1, workload.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Usage usage = new Usage(row.getLong(1), row.getLong(2), row.getLong(3), row.getObject(4, Long.class));
                connection.commit();
                return usage;
            }
        }
    }

    /** The stored bytes of the workloads that have more than their budget, or than so many where they have none. */
    Map<WorkloadId, Long> over(long bytes) throws SQLException {
        Map<WorkloadId, Long> over = new LinkedHashMap<>();
        try (Connection connection = patient();
                PreparedStatement statement = connection.prepareStatement(OVER)) {
            statement.setLong(1, bytes);
            statement.setInt(2, LogLimits.CHOSEN_CHUNKS);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    over.put(new WorkloadId(row.getString(1)), row.getLong(2));
                }
            }
            connection.commit();
        }
        return over;
    }

    /** The stored bytes of everything. */
    long total() throws SQLException {
        return number(TOTAL, null);
    }

    /** What the table takes on the disk: never less than what is stored, and known at once. */
    long onDisk() throws SQLException {
        return number(ON_DISK, null);
    }

    /** The number of a workload's last line, 0 for none. */
    long lastLine(WorkloadId workload) throws SQLException {
        return number(LAST_LINE, workload);
    }

    private long number(String sql, @Nullable WorkloadId workload) throws SQLException {
        try (Connection connection = patient();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            if (workload != null) {
                statement.setString(1, workload.value());
            }
            try (ResultSet row = statement.executeQuery()) {
                long number = row.next() ? row.getLong(1) : 0;
                connection.commit();
                return number;
            }
        }
    }

    /** For statements that look at very many chunks. */
    private Connection patient() throws SQLException {
        Connection connection = dataSource.getConnection();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(PATIENCE);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void times(PreparedStatement statement, int from, Cut cut) throws SQLException {
        statement.setLong(from, cut.outputBefore());
        statement.setLong(from + 1, cut.systemBefore());
        statement.setLong(from + 2, cut.outputBefore());
        statement.setLong(from + 3, cut.systemBefore());
    }

    private static Removed removed(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return new Removed(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }

    private static List<Sized> chunks(PreparedStatement statement) throws SQLException {
        List<Sized> chunks = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Chunk chunk = new Chunk(
                        new WorkloadId(row.getString(1)),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getShort(6),
                        row.getInt(7),
                        row.getInt(8));
                chunks.add(new Sized(chunk, row.getLong(9)));
            }
        }
        return chunks;
    }
}
