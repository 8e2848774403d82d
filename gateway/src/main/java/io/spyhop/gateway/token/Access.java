package io.spyhop.gateway.token;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Knows who a token or a session's cookie is. Answers are kept for a few seconds and dropped when a token is revoked
 * here; another gateway learns of it within that time. Thread-safe; blocks on the database.
 */
@ApplicationScoped
public class Access {
    /** A token was revoked: what it opened must end. */
    public record Revoked(UUID token) {}

    /** A new token; its text is never seen again. */
    record Minted(TokenEntity token, String secret) {}

    static final Duration SESSION_AGE = Duration.ofDays(30);

    /** A revoked token may work so long on another gateway. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    /** Beyond so many the cache starts anew, so that it cannot grow without end. */
    private static final int KEPT_MAX = 10_000;

    /** A longer one cannot be right, and is not worth a hash. */
    private static final int SECRET_LENGTH_MAX = 400;

    private record Known(Caller caller, Instant until) {}

    private final TokenRepository tokens;
    private final SessionRepository sessions;
    private final Event<Revoked> revoked;
    private final Clock clock = Clock.systemUTC();
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong forgotten = new AtomicLong();

    @Inject
    Access(TokenRepository tokens, SessionRepository sessions, Event<Revoked> revoked) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.revoked = revoked;
    }

    /** Whose token this is. */
    public Optional<Caller> byToken(String token) {
        return ask("t", token, hash -> tokens.byHash(hash).map(TokenEntity::caller));
    }

    /** Whose session's cookie this is. */
    public Optional<Caller> bySession(String cookie) {
        return ask(
                "s",
                cookie,
                hash -> sessions.tokenOf(hash, clock.instant())
                        .flatMap(tokens::byId)
                        .map(TokenEntity::caller));
    }

    /** Those of these tokens that are no longer valid. */
    public Set<UUID> invalid(Collection<UUID> ids) {
        Set<UUID> gone = new HashSet<>(ids);
        if (!gone.isEmpty()) {
            gone.removeAll(tokens.present(ids));
        }
        return gone;
    }

    /** Makes a cookie for a session with a token. */
    String openSession(UUID token) {
        String cookie = Secrets.random();
        SessionEntity session = new SessionEntity();
        session.hash = Secrets.hash(cookie);
        session.tokenId = token;
        session.createdAt = clock.instant();
        session.expiresAt = session.createdAt.plus(SESSION_AGE);
        sessions.add(session);
        return cookie;
    }

    void closeSession(String cookie) {
        sessions.remove(Secrets.hash(cookie));
        forget();
    }

    Minted mint(String name, Role role, @Nullable List<String> orgs) {
        String secret = Secrets.TOKEN_PREFIX + Secrets.random();
        return new Minted(add(name, role, orgs, Secrets.hash(secret)), secret);
    }

    /** Makes the token of this name what is given, whatever it was. */
    void putAdmin(String name, String secret) {
        byte[] hash = Secrets.hash(secret);
        if (!tokens.replaceHash(name, hash)) {
            add(name, Role.ADMIN, null, hash);
        }
        forget();
    }

    List<TokenEntity> list(@Nullable String afterName, int limit) {
        return tokens.after(afterName, limit);
    }

    Optional<Caller> byName(String name) {
        return tokens.byName(name).map(TokenEntity::caller);
    }

    void revoke(UUID id) {
        if (!tokens.remove(id)) {
            throw new SpyhopException(ErrorCode.NOT_FOUND, "there is no such token");
        }
        forget();
        revoked.fire(new Revoked(id));
    }

    private TokenEntity add(String name, Role role, @Nullable List<String> orgs, byte[] hash) {
        TokenEntity token = new TokenEntity();
        token.id = UUID.randomUUID();
        token.name = name;
        token.role = role;
        token.orgs = orgs == null ? null : orgs.toArray(String[]::new);
        token.hash = hash;
        token.createdAt = clock.instant();
        tokens.add(token);
        return token;
    }

    private Optional<Caller> ask(String sort, String secret, Function<byte[], Optional<Caller>> question) {
        if (secret.isEmpty() || secret.length() > SECRET_LENGTH_MAX) {
            return Optional.empty();
        }
        byte[] hash = Secrets.hash(secret);
        // The key is the hash: secrets themselves are not kept in memory.
        String key = sort + HexFormat.of().formatHex(hash);
        Instant now = clock.instant();
        Known entry = known.get(key);
        if (entry != null && now.isBefore(entry.until())) {
            return Optional.of(entry.caller());
        }
        long before = forgotten.get();
        Optional<Caller> caller;
        try {
            caller = question.apply(hash);
        } catch (PersistenceException e) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database is away", e);
        }
        if (known.size() >= KEPT_MAX) {
            known.clear();
        }
        // An answer from before a revocation must not come back after it.
        if (forgotten.get() == before) {
            caller.ifPresent(found -> known.put(key, new Known(found, now.plus(KEPT))));
        }
        return caller;
    }

    private void forget() {
        forgotten.incrementAndGet();
        known.clear();
    }
}
