package io.spyhop.gateway.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code session}. */
@Entity
@Table(name = "session")
class SessionEntity {
    @Id
    byte[] hash = {};

    UUID id = new UUID(0, 0);

    @Column(name = "token_id")
    UUID tokenId = new UUID(0, 0);

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    @Column(name = "last_seen_at")
    Instant lastSeenAt = Instant.EPOCH;

    @Column(name = "expires_at")
    Instant expiresAt = Instant.EPOCH;

    @Column(name = "user_agent")
    @Nullable
    String userAgent;

    @Nullable
    String remote;
}
