package io.spyhop.gateway.token;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Table {@code session}. Every method is a transaction of its own. */
@ApplicationScoped
class SessionRepository implements PanacheRepositoryBase<SessionEntity, byte[]> {
    private static final Sort NEWEST_FIRST =
            Sort.by("createdAt", Sort.Direction.Descending).and("id", Sort.Direction.Descending);

    /** A place in the list of sessions. */
    record Place(Instant createdAt, UUID id) {}

    /** A session that has not expired. */
    @Transactional
    Optional<SessionEntity> current(byte[] hash, Instant now) {
        return find("hash = ?1 and expiresAt > ?2", hash, now).firstResultOptional();
    }

    /** Remembers that a session is in use. */
    @Transactional
    void seen(byte[] hash, Instant now) {
        update("lastSeenAt = ?1 where hash = ?2", now, hash);
    }

    /** Adds a session, and takes the opportunity to remove expired ones. */
    @Transactional
    void add(SessionEntity session) {
        delete("expiresAt <= ?1", session.createdAt);
        persist(session);
    }

    /** Removes the session of a cookie; its id, where there was one. */
    @Transactional
    Optional<UUID> remove(byte[] hash) {
        Optional<SessionEntity> session = findByIdOptional(hash);
        session.ifPresent(this::delete);
        return session.map(found -> found.id);
    }

    /**
     * Removes a session; tells whether there was one.
     *
     * @param token whose it must be, null for anybody's
     */
    @Transactional
    boolean remove(UUID id, @Nullable UUID token) {
        return (token == null ? delete("id", id) : delete("id = ?1 and tokenId = ?2", id, token)) > 0;
    }

    /**
     * Sessions that have not expired, the newest first.
     *
     * @param token whose they are, null for everybody's
     * @param after null for the first page
     */
    @Transactional
    List<SessionEntity> list(@Nullable UUID token, @Nullable Place after, Instant now, int limit) {
        StringBuilder where = new StringBuilder("expiresAt > :now");
        Map<String, Object> values = new HashMap<>(Map.of("now", now));
        if (token != null) {
            where.append(" and tokenId = :token");
            values.put("token", token);
        }
        if (after != null) {
            where.append(" and (createdAt < :at or (createdAt = :at and id < :id))");
            values.put("at", after.createdAt());
            values.put("id", after.id());
        }
        return find(where.toString(), NEWEST_FIRST, values)
                .page(Page.ofSize(limit))
                .list();
    }

    /** Those of these ids that are still valid. */
    @Transactional
    Set<UUID> present(Collection<UUID> ids, Instant now) {
        return find("id in ?1 and expiresAt > ?2", ids, now).stream()
                .map(session -> session.id)
                .collect(Collectors.toSet());
    }
}
