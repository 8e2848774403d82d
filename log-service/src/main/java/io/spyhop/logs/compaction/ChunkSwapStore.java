package io.spyhop.logs.compaction;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.Codec;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks and exchanges them for another, without a lock in between: an exchange takes place only where exactly those
 * chunks are still there, so that any number of compactors and removers harm no line. Thread-safe.
 */
@ApplicationScoped
public class ChunkSwapStore {
    private static final String READ = """
            SELECT first_line, last_line, line_count, raw_bytes, codec, payload FROM logs.chunk
            WHERE workload_id = ? AND last_line = ANY (?) ORDER BY last_line LIMIT ?""";

    // Locked in one order, lest two who exchange the same chunks wait for each other.
    private static final String DELETE = """
            WITH old AS MATERIALIZED (
                SELECT c.ctid FROM logs.chunk c
                JOIN unnest(?::bigint[], ?::bigint[], ?::int[]) AS v (first_line, last_line, line_count)
                    ON c.last_line = v.last_line AND c.first_line = v.first_line AND c.line_count = v.line_count
                WHERE c.workload_id = ? ORDER BY c.last_line FOR UPDATE OF c)
            DELETE FROM logs.chunk c USING old WHERE c.ctid = old.ctid""";

    private static final String INSERT = """
            INSERT INTO logs.chunk (workload_id, last_line, first_line, first_at, last_at, retention_class, line_count,
                raw_bytes, codec, filter, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final AgroalDataSource dataSource;

    @Inject
    ChunkSwapStore(@DataSource("logs") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The rows of chunks of one workload, one after the other; empty where one of them is no longer as it was. */
    Optional<byte[]> read(List<Chunk> chunks) throws SQLException {
        byte[] rows = new byte[chunks.stream().mapToInt(Chunk::rawBytes).sum()];
        int length = 0;
        int index = 0;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, chunks.getFirst().workload().value());
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", chunks.stream().map(Chunk::lastLine).toArray(Long[]::new)));
            statement.setInt(3, chunks.size());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Chunk chunk = chunks.get(index);
                    if (row.getLong(1) != chunk.firstLine()
                            || row.getLong(2) != chunk.lastLine()
                            || row.getInt(3) != chunk.lineCount()
                            || row.getInt(4) != chunk.rawBytes()) {
                        return Optional.empty();
                    }
                    byte[] ndjson = Codec.decompress(row.getShort(5), row.getBytes(6), chunk.rawBytes());
                    System.arraycopy(ndjson, 0, rows, length, ndjson.length);
                    length += ndjson.length;
                    index++;
                }
            }
        }
        return index == chunks.size() && length == rows.length ? Optional.of(rows) : Optional.empty();
    }

    /**
     * Exchanges chunks of one workload for another one, or for nothing.
     *
     * @return false where one of them is no longer there; nothing has changed then
     */
    boolean swap(List<Chunk> old, @Nullable PackedChunk replacement) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                if (delete(connection, old) != old.size()) {
                    connection.rollback();
                    return false;
                }
                if (replacement != null) {
                    insert(connection, replacement);
                }
                connection.commit();
                return true;
            } catch (Throwable e) {
                ChunkStore.rollback(connection, e);
                throw e;
            }
        }
    }

    private static int delete(Connection connection, List<Chunk> old) throws SQLException {
        List<Long> firstLines = new ArrayList<>();
        List<Long> lastLines = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (Chunk chunk : old) {
            firstLines.add(chunk.firstLine());
            lastLines.add(chunk.lastLine());
            counts.add(chunk.lineCount());
        }
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setArray(1, connection.createArrayOf("bigint", firstLines.toArray()));
            statement.setArray(2, connection.createArrayOf("bigint", lastLines.toArray()));
            statement.setArray(3, connection.createArrayOf("int", counts.toArray()));
            statement.setString(4, old.getFirst().workload().value());
            return statement.executeUpdate();
        }
    }

    private static void insert(Connection connection, PackedChunk packed) throws SQLException {
        Chunk chunk = packed.chunk();
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, chunk.workload().value());
            statement.setLong(2, chunk.lastLine());
            statement.setLong(3, chunk.firstLine());
            statement.setLong(4, chunk.firstAt());
            statement.setLong(5, chunk.lastAt());
            statement.setShort(6, chunk.retentionClass());
            statement.setInt(7, chunk.lineCount());
            statement.setInt(8, chunk.rawBytes());
            statement.setShort(9, packed.codec());
            statement.setBytes(10, packed.filter());
            statement.setBytes(11, packed.payload());
            statement.executeUpdate();
        }
    }
}
