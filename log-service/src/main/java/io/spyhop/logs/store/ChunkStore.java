package io.spyhop.logs.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.number.SealedBatch;
import io.spyhop.logs.number.StreamPosition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes chunks and positions. Thread-safe; every method is one transaction. */
@ApplicationScoped
public class ChunkStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChunkStore.class);

    private static final String TAKE_OVER = """
            INSERT INTO logs.position AS p (workload_id, last_line, epoch) VALUES (?, 0, 1)
            ON CONFLICT (workload_id) DO UPDATE SET epoch = p.epoch + 1
            RETURNING epoch, last_line""";

    private static final String TAKE_OVER_PATIENCE =
            "SET LOCAL lock_timeout = '" + LogLimits.TAKE_OVER_PATIENCE.toMillis() + "ms'";

    // None of the server's time limits applies while it waits for the next bytes of a COPY: a process that is held
    // still
    // just then would keep its rows locked for as long as it likes.
    private static final String END_STALLED = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE usename = current_user AND state = 'active' AND wait_event = 'ClientRead'
                AND query LIKE 'COPY logs.chunk%' AND query_start < now() - ? * interval '1 millisecond'""";

    /** SQLState of a lock that was not had in time. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String POSITIONS = """
            SELECT container_id, stream, last_at, same_at, ahead_at, last_line
            FROM logs.stream_position WHERE workload_id = ?""";

    // Rows are locked in id order, so that two writers who both believe to own some workloads cannot deadlock. The
    // epoch
    // is compared again once the lock is held.
    private static final String MOVE = """
            WITH mine AS (
                SELECT p.workload_id, v.last_line
                FROM logs.position p
                JOIN unnest(?::text[], ?::bigint[], ?::bigint[]) AS v (workload_id, epoch, last_line)
                    ON v.workload_id = p.workload_id
                WHERE p.epoch = v.epoch
                ORDER BY p.workload_id
                FOR UPDATE OF p)
            UPDATE logs.position p SET last_line = mine.last_line
            FROM mine WHERE p.workload_id = mine.workload_id
            RETURNING p.workload_id""";

    private static final String MOVE_STREAMS = """
            INSERT INTO logs.stream_position
                (workload_id, container_id, stream, last_at, same_at, ahead_at, last_line)
            SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::int[], ?::bigint[], ?::bigint[])
            ON CONFLICT (workload_id, container_id, stream) DO UPDATE
                SET last_at = excluded.last_at, same_at = excluded.same_at,
                    ahead_at = excluded.ahead_at, last_line = excluded.last_line""";

    private final AgroalDataSource dataSource;

    @Inject
    ChunkStore(@DataSource("logs") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Makes this process the owner of a workload's numbering; whoever owned it before is fenced from now on.
     *
     * @throws SQLException also where a former owner holds on to the row; once it is seen not to go on, its session is
     *     ended, and the next try succeeds
     */
    public Ownership takeOver(WorkloadId workload) throws SQLException {
        try {
            return takeOverNow(workload);
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                endStalled();
            }
            throw e;
        }
    }

    private void endStalled() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(END_STALLED)) {
            statement.setLong(1, LogLimits.TAKE_OVER_PATIENCE.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getInt(1) > 0) {
                    LOGGER.atWarn()
                            .addKeyValue("count", row.getInt(1))
                            .log("Sessions of a process that does not go on were ended: they kept workloads locked.");
                }
            }
        }
    }

    private Ownership takeOverNow(WorkloadId workload) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(TAKE_OVER_PATIENCE);
            }
            long epoch;
            long lastLine;
            try (PreparedStatement statement = connection.prepareStatement(TAKE_OVER)) {
                statement.setString(1, workload.value());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    epoch = row.getLong(1);
                    lastLine = row.getLong(2);
                }
            }
            List<StreamPosition> positions = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(POSITIONS)) {
                statement.setString(1, workload.value());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        positions.add(new StreamPosition(
                                row.getString(1),
                                Stream.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                                row.getLong(3),
                                row.getInt(4),
                                row.getLong(5),
                                row.getLong(6)));
                    }
                }
            }
            connection.commit();
            return new Ownership(epoch, lastLine, positions);
        }
    }

    /**
     * Stores batches of many workloads at once, each workload's in order. What of a workload with another epoch by now
     * is not stored, without failing the others.
     *
     * @return the workloads whose batches are stored
     * @throws SQLException when the outcome is a failure, or unknown
     */
    Set<WorkloadId> store(List<StoredBatch> batches) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Set<WorkloadId> mine = move(connection, batches);
                List<StoredBatch> accepted = batches.stream()
                        .filter(batch -> mine.contains(batch.sealed().workload()))
                        .toList();
                if (!accepted.isEmpty()) {
                    moveStreams(connection, accepted);
                    copy(connection, accepted);
                }
                connection.commit();
                return mine;
            } catch (Throwable e) {
                rollback(connection, e);
                throw e;
            }
        }
    }

    /** A connection that goes back to the pool in the midst of a transaction would commit it: numbers without their lines. */
    public static void rollback(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static Set<WorkloadId> move(Connection connection, List<StoredBatch> batches) throws SQLException {
        Map<WorkloadId, SealedBatch> newest = new LinkedHashMap<>();
        batches.forEach(batch -> newest.put(batch.sealed().workload(), batch.sealed()));
        List<SealedBatch> rows = List.copyOf(newest.values());
        Set<WorkloadId> mine = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", texts(rows, b -> b.workload().value())));
            statement.setArray(2, connection.createArrayOf("bigint", longs(rows, SealedBatch::epoch)));
            statement.setArray(3, connection.createArrayOf("bigint", longs(rows, SealedBatch::lastLine)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    mine.add(new WorkloadId(row.getString(1)));
                }
            }
        }
        return mine;
    }

    private static void moveStreams(Connection connection, List<StoredBatch> batches) throws SQLException {
        // The newest position of each stream; one statement must not touch a row twice.
        Map<List<Object>, PositionRow> newest = new LinkedHashMap<>();
        for (StoredBatch batch : batches) {
            String workload = batch.sealed().workload().value();
            for (StreamPosition position : batch.sealed().positions()) {
                newest.put(
                        List.of(workload, position.containerId(), position.stream()),
                        new PositionRow(workload, position));
            }
        }
        List<PositionRow> rows = newest.values().stream()
                .sorted(Comparator.comparing(PositionRow::workload)
                        .thenComparing(row -> row.position().containerId())
                        .thenComparing(row -> row.position().stream()))
                .toList();
        try (PreparedStatement statement = connection.prepareStatement(MOVE_STREAMS)) {
            statement.setArray(1, connection.createArrayOf("text", texts(rows, PositionRow::workload)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", texts(rows, r -> r.position().containerId())));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text", texts(rows, r -> r.position().stream().wire())));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "bigint", longs(rows, r -> r.position().lastAt())));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "int", longs(rows, r -> r.position().sameAt())));
            statement.setArray(
                    6,
                    connection.createArrayOf(
                            "bigint", longs(rows, r -> r.position().aheadAt())));
            statement.setArray(
                    7,
                    connection.createArrayOf(
                            "bigint", longs(rows, r -> r.position().lastLine())));
            statement.executeUpdate();
        }
    }

    private record PositionRow(String workload, StreamPosition position) {}

    private static void copy(Connection connection, List<StoredBatch> batches) throws SQLException {
        byte[] rows = ChunkCopy.rows(batches);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(ChunkCopy.STATEMENT);
        try {
            copy.writeToCopy(rows, 0, rows.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static <T> Object[] texts(List<T> rows, Function<T, String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    private static <T> Object[] longs(List<T> rows, ToLongFunction<T> column) {
        return rows.stream().map(column::applyAsLong).toArray(Long[]::new);
    }
}
