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
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Table {@code sign_in_code}. Every method is one statement, or several that need no transaction. Thread-safe. */
@ApplicationScoped
class SignInCodeRepository {
    private static final String ADD =
            "INSERT INTO gateway.sign_in_code (hash, token_id, created_at, expires_at) VALUES (?, ?, ?, ?)";

    /** Expired ones, and the oldest beyond the limit. */
    private static final String TIDY = """
            DELETE FROM gateway.sign_in_code WHERE expires_at <= ? OR hash IN (
                SELECT hash FROM gateway.sign_in_code ORDER BY created_at DESC OFFSET ? LIMIT 1000)""";

    /** Of several who try at once, on whichever gateways, one gets the row. */
    private static final String REDEEM =
            "DELETE FROM gateway.sign_in_code WHERE hash = ? AND expires_at > ? RETURNING token_id";

    private final AgroalDataSource dataSource;

    @Inject
    SignInCodeRepository(@DataSource("gateway") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    void add(byte[] hash, UUID token, Instant createdAt, Instant expiresAt, int most) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement add = connection.prepareStatement(ADD);
                PreparedStatement tidy = connection.prepareStatement(TIDY)) {
            add.setBytes(1, hash);
            add.setObject(2, token);
            add.setObject(3, createdAt.atOffset(ZoneOffset.UTC));
            add.setObject(4, expiresAt.atOffset(ZoneOffset.UTC));
            add.executeUpdate();
            tidy.setObject(1, createdAt.atOffset(ZoneOffset.UTC));
            tidy.setInt(2, most);
            tidy.executeUpdate();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    /** Uses a code up; the token that it signs in as. */
    Optional<UUID> redeem(byte[] hash, Instant now) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement redeem = connection.prepareStatement(REDEEM)) {
            redeem.setBytes(1, hash);
            redeem.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = redeem.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static SpyhopException away(SQLException e) {
        return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", e);
    }
}
