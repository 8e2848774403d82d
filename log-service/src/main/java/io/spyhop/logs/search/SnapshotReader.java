package io.spyhop.logs.search;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.logs.store.Codec;
import io.spyhop.logs.store.RowColumns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The chunks as they are at one moment, whatever compaction and retention do meanwhile: one transaction. Heads and rows
 * are read in groups, so that no question holds more than it needs. Not thread-safe.
 */
final class SnapshotReader implements AutoCloseable {
    // The plan for an array of workloads depends on how many they are.
    // A reader holds no lock, and may look at what it has read for longer than a writer may rest.
    private static final String BEGIN = """
            SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
            SET LOCAL plan_cache_mode = force_custom_plan;
            SET LOCAL idle_in_transaction_session_timeout = '30s'""";

    private static final String HEADS =
            "SELECT workload_id, first_line, last_line, first_at, last_at, line_count, raw_bytes,\n"
                    + TrigramQuestion.MAY_MATCH + "\nFROM logs.chunk\n";

    // Without the chunk that ends the range, the index would be read from there to the newest chunk, or from that on.
    private static final String WITHIN = HEADS + """
            WHERE workload_id = ? AND last_line > ? AND first_line < ?
                AND last_line <= coalesce((
                    SELECT last_line FROM logs.chunk WHERE workload_id = ? AND last_line >= ? - 1
                    ORDER BY last_line LIMIT 1), 9223372036854775807)
            ORDER BY last_line\s""";

    static final String ASCENDING = WITHIN + "LIMIT ?";

    static final String DESCENDING = WITHIN + "DESC LIMIT ?";

    private static final String NEWEST = HEADS + """
            WHERE last_at >= ? AND first_at < ? AND workload_id = ANY (?)
                AND (last_at, workload_id, last_line) < (?, ?, ?)
            ORDER BY last_at DESC, workload_id DESC, last_line DESC LIMIT ?""";

    private static final String ROWS = """
            SELECT chunk.codec, chunk.payload, chunk.raw_bytes
            FROM unnest(?::text[], ?::bigint[]) WITH ORDINALITY AS wanted (workload_id, last_line, place)
            JOIN logs.chunk USING (workload_id, last_line) ORDER BY place""";

    private static final String LAST_NUMBER = "SELECT last_line FROM logs.position WHERE workload_id = ?";

    private final Connection connection;

    SnapshotReader(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(BEGIN);
        }
    }

    /** Chunks of a range of numbers, without its ends, in the order in which they are examined. */
    List<ChunkHead> heads(
            WorkloadId workload, NumberRange range, boolean newestFirst, TrigramQuestion question, int limit)
            throws SQLException {
        if (range.before() - range.after() <= 1) {
            return List.of();
        }
        try (PreparedStatement statement = connection.prepareStatement(newestFirst ? DESCENDING : ASCENDING)) {
            int next = ask(statement, question);
            statement.setString(next++, workload.value());
            statement.setLong(next++, range.after());
            statement.setLong(next++, range.before());
            statement.setString(next++, workload.value());
            statement.setLong(next++, range.before());
            statement.setInt(next, limit);
            return heads(statement);
        }
    }

    /**
     * Chunks that have lines within a time, those with the newest lines first.
     *
     * @param last where to go on: the last one of those before
     */
    List<ChunkHead> newest(
            Collection<WorkloadId> workloads,
            long since,
            long before,
            ChunkHead last,
            TrigramQuestion question,
            int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            int next = ask(statement, question);
            statement.setLong(next++, since);
            statement.setLong(next++, before);
            statement.setArray(
                    next++,
                    connection.createArrayOf(
                            "text", workloads.stream().map(WorkloadId::value).toArray(String[]::new)));
            statement.setLong(next++, last.lastAt());
            statement.setString(next++, last.workload());
            statement.setLong(next++, last.lastLine());
            statement.setInt(next, limit);
            return heads(statement);
        }
    }

    private int ask(PreparedStatement statement, TrigramQuestion question) throws SQLException {
        statement.setArray(
                1, connection.createArrayOf("bigint", question.hashes().toArray(Long[]::new)));
        statement.setArray(2, connection.createArrayOf("int", question.masks().toArray(Integer[]::new)));
        return 3;
    }

    private static List<ChunkHead> heads(PreparedStatement statement) throws SQLException {
        List<ChunkHead> heads = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                heads.add(new ChunkHead(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getInt(6),
                        row.getInt(7),
                        row.getBoolean(8)));
            }
        }
        return heads;
    }

    /** The compressed rows of chunks, in their order. */
    List<ChunkRows> rows(List<ChunkHead> heads) throws SQLException {
        if (heads.isEmpty()) {
            return List.of();
        }
        List<ChunkRows> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", heads.stream().map(ChunkHead::workload).toArray(String[]::new)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", heads.stream().map(ChunkHead::lastLine).toArray(Long[]::new)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new ChunkRows(heads.get(rows.size()), row.getShort(1), row.getBytes(2), row.getInt(3)));
                }
            }
        }
        return rows;
    }

    /** Compressed rows. */
    record ChunkRows(
            ChunkHead head,
            short codec,
            @SuppressWarnings("ArrayRecordComponent") byte[] payload,
            int rawBytes) {
        byte[] ndjson() {
            return Codec.decompress(codec, payload, rawBytes);
        }

        /** What is looked through for rows that are wanted, in the thread's {@link Room}. */
        ChunkText textInRoom(LineMatcher matcher) {
            return switch (codec) {
                case Codec.ZSTD -> {
                    byte[] room = Room.of(rawBytes);
                    Codec.inflate(payload, 0, payload.length, room, rawBytes);
                    yield ChunkText.of(room, rawBytes);
                }
                case Codec.COLUMNS -> {
                    RowColumns columns = RowColumns.unpack(payload, matcher, Room::of);
                    yield columns == null ? ChunkText.NONE : ChunkText.of(columns);
                }
                default -> throw Codec.unknown(codec);
            };
        }
    }

    /** The number that was given last; 0 where there is none. */
    long lastNumber(WorkloadId workload) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST_NUMBER)) {
            statement.setString(1, workload.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.commit();
    }
}
