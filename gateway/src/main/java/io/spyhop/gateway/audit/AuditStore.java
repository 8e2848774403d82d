package io.spyhop.gateway.audit;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.gateway.scope.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Table {@code audit}. Thread-safe; every method is one statement. */
@ApplicationScoped
class AuditStore {
    private static final String ADD = """
            INSERT INTO gateway.audit (at, token_id, token_name, role, session_id, remote, method, path, workload, status,
                trace_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String LIST = """
            SELECT id, at, token_id, token_name, role, session_id, remote, method, path, workload, status, trace_id
            FROM gateway.audit WHERE true""";

    private static final String DELETE = """
            DELETE FROM gateway.audit WHERE id IN (
                SELECT id FROM gateway.audit WHERE at < ? ORDER BY at, id LIMIT ? FOR UPDATE SKIP LOCKED)""";

    private final AgroalDataSource dataSource;

    @Inject
    AuditStore(@DataSource("gateway") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A place in the list. */
    record Place(Instant at, long id) {}

    /**
     * Which rows are wanted.
     *
     * @param since inclusive
     * @param until exclusive
     * @param tokenId together with {@code tokenName} at most one is given
     * @param after null for the first page
     */
    record Wanted(
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable UUID tokenId,
            @Nullable String tokenName,
            @Nullable Place after,
            int limit) {}

    /** Adds rows, all or none. */
    void add(List<AuditRow> rows) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement add = connection.prepareStatement(ADD)) {
                for (AuditRow row : rows) {
                    add.setObject(1, row.at().atOffset(ZoneOffset.UTC));
                    add.setObject(2, row.tokenId());
                    add.setString(3, row.tokenName());
                    add.setString(4, row.role() == null ? null : row.role().wire());
                    add.setObject(5, row.sessionId());
                    add.setString(6, row.remote());
                    add.setString(7, row.method());
                    add.setString(8, row.path());
                    add.setString(9, row.workload());
                    add.setInt(10, row.status());
                    add.setString(11, row.traceId());
                    add.addBatch();
                }
                add.executeBatch();
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** Rows, the newest first. */
    List<AuditRow> list(Wanted wanted) throws SQLException {
        StringBuilder sql = new StringBuilder(LIST);
        List<Object> values = new ArrayList<>();
        if (wanted.since() != null) {
            sql.append(" AND at >= ?");
            values.add(wanted.since().atOffset(ZoneOffset.UTC));
        }
        if (wanted.until() != null) {
            sql.append(" AND at < ?");
            values.add(wanted.until().atOffset(ZoneOffset.UTC));
        }
        if (wanted.tokenId() != null) {
            sql.append(" AND token_id = ?");
            values.add(wanted.tokenId());
        }
        if (wanted.tokenName() != null) {
            sql.append(" AND token_name = ?");
            values.add(wanted.tokenName());
        }
        if (wanted.after() != null) {
            sql.append(" AND (at, id) < (?, ?)");
            values.add(wanted.after().at().atOffset(ZoneOffset.UTC));
            values.add(wanted.after().id());
        }
        sql.append(" ORDER BY at DESC, id DESC LIMIT ?");
        values.add(wanted.limit());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement list = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < values.size(); i++) {
                list.setObject(i + 1, values.get(i));
            }
            List<AuditRow> rows = new ArrayList<>();
            try (ResultSet found = list.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found));
                }
            }
            return rows;
        }
    }

    /** Deletes some rows from before a time; how many it were. */
    int deleteBefore(Instant time, int most) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setObject(1, time.atOffset(ZoneOffset.UTC));
            delete.setInt(2, most);
            return delete.executeUpdate();
        }
    }

    private static AuditRow row(ResultSet found) throws SQLException {
        String role = found.getString(5);
        return new AuditRow(
                found.getLong(1),
                found.getObject(2, OffsetDateTime.class).toInstant(),
                found.getObject(3, UUID.class),
                found.getString(4),
                role == null ? null : Role.of(role),
                found.getObject(6, UUID.class),
                found.getString(7),
                found.getString(8),
                found.getString(9),
                found.getString(10),
                found.getInt(11),
                found.getString(12));
    }
}
