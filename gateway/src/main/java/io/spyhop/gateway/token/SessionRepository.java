package io.spyhop.gateway.token;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Table {@code session}. Every method is a transaction of its own. */
@ApplicationScoped
class SessionRepository implements PanacheRepositoryBase<SessionEntity, byte[]> {
    /** The token of a session that has not expired. */
    @Transactional
    Optional<UUID> tokenOf(byte[] hash, Instant now) {
        return find("hash = ?1 and expiresAt > ?2", hash, now)
                .firstResultOptional()
                .map(session -> session.tokenId);
    }

    /** Adds a session, and takes the opportunity to remove expired ones. */
    @Transactional
    void add(SessionEntity session) {
        delete("expiresAt <= ?1", session.createdAt);
        persist(session);
    }

    @Transactional
    void remove(byte[] hash) {
        delete("hash", hash);
    }
}
