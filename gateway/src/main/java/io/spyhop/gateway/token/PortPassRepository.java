package io.spyhop.gateway.token;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Table {@code port_pass}. Every method is one statement, or several that need no transaction. Thread-safe. */
@ApplicationScoped
class PortPassRepository {
    private static final String ADD =
            "INSERT INTO gateway.port_pass (hash, name, is_code, token_id, session_id, created_at, expires_at)"
                    + " VALUES (?, ?, true, ?, ?, ?, ?)";

    /** Expired ones, and the oldest beyond the limit. */
    private static final String TIDY = """
            DELETE FROM gateway.port_pass WHERE expires_at <= ? OR hash IN (
                SELECT hash FROM gateway.port_pass ORDER BY created_at DESC OFFSET ? LIMIT 1000)""";

    /** Of several who try a code at once, on whichever gateways, one gets the row. It ends with what it stands for. */
    private static final String REDEEM = """
            UPDATE gateway.port_pass pass SET hash = ?, is_code = false, expires_at = LEAST(?,
                (SELECT expires_at FROM gateway.session WHERE id = pass.session_id),
                (SELECT expires_at FROM gateway.token WHERE id = pass.token_id))
            WHERE hash = ? AND is_code AND name = ? AND expires_at > ? RETURNING expires_at""";

    private static final String FIND =
            "SELECT token_id, session_id, expires_at FROM gateway.port_pass WHERE hash = ? AND NOT is_code AND name = ?"
                    + " AND expires_at > ?";

    private final AgroalDataSource dataSource;

    @Inject
    PortPassRepository(@DataSource("gateway") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Whom a pass stands for. */
    record Held(UUID token, @Nullable UUID session, Instant expiresAt) {}

    void add(
            byte[] hash,
            String name,
            UUID token,
            @Nullable UUID session,
            Instant createdAt,
            Instant expiresAt,
            int most) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement add = connection.prepareStatement(ADD);
                PreparedStatement tidy = connection.prepareStatement(TIDY)) {
            add.setBytes(1, hash);
            add.setString(2, name);
            add.setObject(3, token);
            add.setObject(4, session);
            add.setObject(5, createdAt.atOffset(ZoneOffset.UTC));
            add.setObject(6, expiresAt.atOffset(ZoneOffset.UTC));
            add.executeUpdate();
            tidy.setObject(1, createdAt.atOffset(ZoneOffset.UTC));
            tidy.setInt(2, most);
            tidy.executeUpdate();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    /** Exchanges a code for a cookie; until when that works. */
    Optional<Instant> redeem(byte[] code, byte[] cookie, String name, Instant now, Instant latest) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement redeem = connection.prepareStatement(REDEEM)) {
            redeem.setBytes(1, cookie);
            redeem.setObject(2, latest.atOffset(ZoneOffset.UTC));
            redeem.setBytes(3, code);
            redeem.setString(4, name);
            redeem.setObject(5, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = redeem.executeQuery()) {
                return row.next() ? Optional.of(instant(row, 1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw away(e);
        }
    }

    /** Whose cookie this is. */
    Optional<Held> find(byte[] cookie, String name, Instant now) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setBytes(1, cookie);
            find.setString(2, name);
            find.setObject(3, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = find.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Held(row.getObject(1, UUID.class), row.getObject(2, UUID.class), instant(row, 3)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static SpyhopException away(SQLException e) {
        return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", e);
    }
}
