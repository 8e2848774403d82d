package io.spyhop.gateway.token;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** Table {@code token}. Every method is a transaction of its own. */
@ApplicationScoped
class TokenRepository implements PanacheRepositoryBase<TokenEntity, UUID> {
    @Transactional
    Optional<TokenEntity> byHash(byte[] hash) {
        return find("hash", hash).firstResultOptional();
    }

    @Transactional
    Optional<TokenEntity> byName(String name) {
        return find("name", name).firstResultOptional();
    }

    @Transactional
    Optional<TokenEntity> byId(UUID id) {
        return findByIdOptional(id);
    }

    /**
     * Adds a token.
     *
     * @throws SpyhopException {@code STATE_CONFLICT} when there is one of that name
     */
    @Transactional
    void add(TokenEntity token) {
        try {
            persistAndFlush(token);
        } catch (ConstraintViolationException e) {
            throw new SpyhopException(ErrorCode.STATE_CONFLICT, "there is a token of that name already", e);
        }
    }

    /** Gives a token another hash, and makes it last; tells whether there is one of that name. */
    @Transactional
    boolean replaceHash(String name, byte[] hash) {
        return update("hash = ?1, expiresAt = null where name = ?2", hash, name) > 0;
    }

    /** Remembers that a token is in use. */
    @Transactional
    void used(UUID id, Instant now) {
        update("lastUsedAt = ?1 where id = ?2", now, id);
    }

    /** The names of tokens. */
    @Transactional
    Map<UUID, String> names(Collection<UUID> ids) {
        return find("id in ?1", ids).stream().collect(Collectors.toMap(token -> token.id, token -> token.name));
    }

    @Transactional
    boolean remove(UUID id) {
        return deleteById(id);
    }

    @Transactional
    List<TokenEntity> after(@Nullable String name, int limit) {
        Sort order = Sort.by("name");
        return (name == null ? findAll(order) : find("name > ?1", order, name))
                .page(Page.ofSize(limit))
                .list();
    }

    /** Those of these ids that are still valid. */
    @Transactional
    Set<UUID> present(Collection<UUID> ids, Instant now) {
        return find("id in ?1 and (expiresAt is null or expiresAt > ?2)", ids, now).stream()
                .map(token -> token.id)
                .collect(Collectors.toSet());
    }
}
