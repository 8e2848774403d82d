package io.spyhop.gateway.token;

import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code token}. */
@Entity
@Table(name = "token")
class TokenEntity {
    @Id
    UUID id = new UUID(0, 0);

    String name = "";

    @Enumerated(EnumType.STRING)
    Role role = Role.VIEWER;

    @Column(columnDefinition = "text[]")
    String @Nullable [] orgs;

    byte[] hash = {};

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    /** Null where it does not expire. */
    @Column(name = "expires_at")
    @Nullable
    Instant expiresAt;

    /** To about a minute; null where it was never used. */
    @Column(name = "last_used_at")
    @Nullable
    Instant lastUsedAt;

    boolean isValid(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }

    Optional<List<String>> orgList() {
        return Optional.ofNullable(orgs).map(List::of);
    }

    /** Who comes with it, or with a session that stands for it. */
    Caller caller(Optional<UUID> session) {
        return new Caller(id, session, name, role, orgList());
    }
}
