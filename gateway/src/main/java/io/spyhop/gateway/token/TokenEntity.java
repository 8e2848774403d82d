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

    Optional<List<String>> orgList() {
        return Optional.ofNullable(orgs).map(List::of);
    }

    Caller caller() {
        return new Caller(id, name, role, orgList());
    }
}
