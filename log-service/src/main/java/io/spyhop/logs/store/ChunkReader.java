package io.spyhop.logs.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads pages of lines: stored bytes, decompressed and sliced, never parsed. Thread-safe. */
@ApplicationScoped
public class ChunkReader {
    private static final String AFTER = """
            SELECT raw_bytes, codec, payload, last_line FROM logs.chunk
            WHERE workload_id = ? AND last_line > ? ORDER BY last_line LIMIT ?""";

    // Lines of the newest chunks are summed until there are enough; each holds one at least, so the limit bounds them.
    private static final String TAIL_START = """
            SELECT min(first_line) - 1 FROM (
                SELECT first_line, sum(line_count) OVER newest - line_count AS newer,
                    sum(raw_bytes) OVER newest - raw_bytes AS newer_bytes
                FROM logs.chunk WHERE workload_id = ? WINDOW newest AS (ORDER BY last_line DESC)
                ORDER BY last_line DESC LIMIT ?) AS newest
            WHERE newer < ? AND newer_bytes < ?""";

    private static final String LAST_NUMBERS =
            "SELECT workload_id, last_line FROM logs.position WHERE workload_id = ANY (?)";

    private static final int FETCH_ROWS = 16;

    private final AgroalDataSource dataSource;

    @Inject
    ChunkReader(@DataSource("logs") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Lines with a number above {@code after}; the page's {@code through} is {@code after} where there are none. Where there
     * were some that are removed, it is the number of the last one.
     */
    public LinesPage after(WorkloadId workload, long after, int limit) throws SQLException {
        LinesPage page = chunksAfter(workload, after, limit);
        if (page.count() > 0) {
            return page;
        }
        // Asked again once the last number is known: what is not there then up to it was removed.
        long last = lastNumbers(List.of(workload)).getOrDefault(workload, 0L);
        if (last <= after) {
            return page;
        }
        LinesPage again = chunksAfter(workload, after, limit);
        return again.count() > 0 ? again : new LinesPage(again.ndjson(), 0, last, false);
    }

    private LinesPage chunksAfter(WorkloadId workload, long after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return read(connection, workload, new PageBuilder(after, limit, LogsApi.PAGE_BYTES_MAX));
        }
    }

    /** The newest lines. */
    public LinesPage tail(WorkloadId workload, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            long after;
            try (PreparedStatement statement = connection.prepareStatement(TAIL_START)) {
                statement.setString(1, workload.value());
                statement.setInt(2, limit);
                statement.setInt(3, limit);
                statement.setInt(4, LogsApi.PAGE_BYTES_MAX);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    after = row.getLong(1);
                }
            }
            TailBuilder tail = new TailBuilder(after, limit, LogsApi.PAGE_BYTES_MAX);
            return read(connection, workload, tail);
        }
    }

    /** The last number of each workload that has any. */
    public Map<WorkloadId, Long> lastNumbers(Collection<WorkloadId> workloads) throws SQLException {
        Map<WorkloadId, Long> numbers = new HashMap<>();
        workloads.forEach(workload -> numbers.put(workload, 0L));
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LAST_NUMBERS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", workloads.stream().map(WorkloadId::value).toArray(String[]::new)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    numbers.put(new WorkloadId(row.getString(1)), row.getLong(2));
                }
            }
        }
        return numbers;
    }

    private static LinesPage read(Connection connection, WorkloadId workload, PageBuilder page) throws SQLException {
        // Rows come in small groups, so that a page never holds more compressed bytes than it needs.
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(AFTER)) {
            statement.setFetchSize(FETCH_ROWS);
            statement.setString(1, workload.value());
            statement.setLong(2, page.after());
            statement.setInt(3, page.chunksMax());
            try (ResultSet row = statement.executeQuery()) {
                while (!page.full() && row.next()) {
                    page.add(Codec.decompress(row.getShort(2), row.getBytes(3), row.getInt(1)), row.getLong(4));
                }
            }
        }
        connection.commit();
        return page.build();
    }
}
