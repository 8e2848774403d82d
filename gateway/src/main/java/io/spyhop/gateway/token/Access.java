package io.spyhop.gateway.token;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.token.KnownCallers.Known;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Knows who a token or a session's cookie is. Answers are kept for a few seconds and dropped when a token is revoked or a
 * session ended here; another gateway learns of it within that time. Thread-safe; blocks on the database.
 */
@ApplicationScoped
public class Access {
    /** A token was revoked: what it opened must end. */
    public record Revoked(UUID token) {}

    /** A session was ended: what it opened must end. */
    public record SessionEnded(UUID session) {}

    /** A new session; its cookie is never seen again. */
    record Opened(UUID session, String cookie, Duration age) {}

    /** A session with its token's name. */
    record NamedSession(SessionEntity session, String token) {}

    /** A new token; its text is never seen again. */
    record Minted(TokenEntity token, String secret) {}

    private static final String TOKEN = "t";

    private final TokenRepository tokens;
    private final SessionRepository sessions;
    private final KnownCallers callers;
    private final Event<Revoked> revoked;
    private final Event<SessionEnded> ended;
    private final Clock clock = Clock.systemUTC();

    @Inject
    Access(
            TokenRepository tokens,
            SessionRepository sessions,
            KnownCallers callers,
            Event<Revoked> revoked,
            Event<SessionEnded> ended) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.callers = callers;
        this.revoked = revoked;
        this.ended = ended;
    }

    /** Whose token this is. */
    public Optional<Caller> byToken(String token) {
        return callers.ask(TOKEN, token, this::findToken);
    }

    /** Whose token this is, where that was asked for lately; what is in use is asked for anew ahead of time. Never blocks. */
    public Optional<Caller> known(String token) {
        return callers.known(TOKEN, token, this::findToken);
    }

    /** Whose session's cookie this is. */
    public Optional<Caller> bySession(String cookie) {
        return callers.ask("s", cookie, this::findSession);
    }

    /** Those of these tokens that are no longer valid. */
    public Set<UUID> invalid(Collection<UUID> ids) {
        Set<UUID> gone = new HashSet<>(ids);
        if (!gone.isEmpty()) {
            gone.removeAll(tokens.present(ids, clock.instant()));
        }
        return gone;
    }

    /** Those of these sessions that are no longer valid. */
    public Set<UUID> ended(Collection<UUID> ids) {
        Set<UUID> gone = new HashSet<>(ids);
        if (!gone.isEmpty()) {
            gone.removeAll(sessions.present(ids, clock.instant()));
        }
        return gone;
    }

    /** Makes a session with a token. */
    Opened openSession(UUID token, @Nullable String userAgent, String remote) {
        String cookie = Secrets.random();
        SessionEntity session = new SessionEntity();
        session.hash = Secrets.hash(cookie);
        session.id = UUID.randomUUID();
        session.tokenId = token;
        // As exactly as the database keeps it, so that it can be compared.
        session.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        session.lastSeenAt = session.createdAt;
        Instant latest = session.createdAt.plus(AccessLimits.SESSION_AGE);
        session.expiresAt = tokens.byId(token)
                .map(found -> found.expiresAt)
                .filter(latest::isAfter)
                .orElse(latest);
        session.userAgent = userAgent == null || userAgent.length() <= AccessLimits.USER_AGENT_LENGTH_MAX
                ? userAgent
                : userAgent.substring(0, AccessLimits.USER_AGENT_LENGTH_MAX);
        session.remote = remote;
        sessions.add(session);
        return new Opened(session.id, cookie, Duration.between(session.createdAt, session.expiresAt));
    }

    void closeSession(String cookie) {
        Optional<UUID> id = sessions.remove(Secrets.hash(cookie));
        callers.forget();
        id.ifPresent(session -> ended.fire(new SessionEnded(session)));
    }

    /**
     * Ends a session by its id.
     *
     * @param token whose it must be, null for anybody's
     * @throws SpyhopException {@code NOT_FOUND}
     */
    void endSession(UUID id, @Nullable UUID token) {
        if (!sessions.remove(id, token)) {
            throw new SpyhopException(ErrorCode.NOT_FOUND, "there is no such session");
        }
        callers.forget();
        ended.fire(new SessionEnded(id));
    }

    /**
     * Sessions, the newest first.
     *
     * @param token whose they are, null for everybody's
     */
    List<NamedSession> sessions(@Nullable UUID token, SessionRepository.@Nullable Place after, int limit) {
        List<SessionEntity> found = sessions.list(token, after, clock.instant(), limit);
        Map<UUID, String> names =
                tokens.names(found.stream().map(session -> session.tokenId).collect(Collectors.toSet()));
        // Without a name its token was revoked just now, and the session with it.
        return found.stream()
                .map(session -> new NamedSession(session, names.getOrDefault(session.tokenId, "")))
                .toList();
    }

    Minted mint(String name, Role role, @Nullable List<String> orgs, @Nullable Instant expiresAt) {
        String secret = Secrets.TOKEN_PREFIX + Secrets.random();
        return new Minted(add(name, role, orgs, Secrets.hash(secret), expiresAt), secret);
    }

    /** Makes the token of this name what is given, whatever it was. */
    void putAdmin(String name, String secret) {
        byte[] hash = Secrets.hash(secret);
        if (!tokens.replaceHash(name, hash)) {
            try {
                add(name, Role.ADMIN, null, hash, null);
            } catch (SpyhopException e) {
                // Another gateway that starts now was faster.
                tokens.replaceHash(name, hash);
            }
        }
        callers.forget();
    }

    List<TokenEntity> list(@Nullable String afterName, int limit) {
        return tokens.after(afterName, limit);
    }

    Optional<Caller> byName(String name) {
        return tokens.byName(name).map(token -> token.caller(Optional.empty()));
    }

    Optional<Caller> byId(UUID id) {
        return tokens.byId(id)
                .filter(token -> token.isValid(clock.instant()))
                .map(token -> token.caller(Optional.empty()));
    }

    void revoke(UUID id) {
        if (!tokens.remove(id)) {
            throw new SpyhopException(ErrorCode.NOT_FOUND, "there is no such token");
        }
        callers.forget();
        revoked.fire(new Revoked(id));
    }

    private Optional<Known> findToken(byte[] hash) {
        Instant now = clock.instant();
        return tokens.byHash(hash).filter(token -> token.isValid(now)).map(token -> {
            if (token.lastUsedAt == null || token.lastUsedAt.isBefore(now.minus(AccessLimits.SEEN_EVERY))) {
                tokens.used(token.id, now);
            }
            return Known.of(token.caller(Optional.empty()), now, token.expiresAt);
        });
    }

    private Optional<Known> findSession(byte[] hash) {
        Instant now = clock.instant();
        return sessions.current(hash, now)
                .flatMap(session -> tokens.byId(session.tokenId)
                        .filter(token -> token.isValid(now))
                        .map(token -> {
                            if (session.lastSeenAt.isBefore(now.minus(AccessLimits.SEEN_EVERY))) {
                                sessions.seen(hash, now);
                            }
                            return Known.of(token.caller(Optional.of(session.id)), now, session.expiresAt);
                        }));
    }

    private TokenEntity add(
            String name, Role role, @Nullable List<String> orgs, byte[] hash, @Nullable Instant expiresAt) {
        TokenEntity token = new TokenEntity();
        token.id = UUID.randomUUID();
        token.name = name;
        token.role = role;
        token.orgs = orgs == null ? null : orgs.toArray(String[]::new);
        token.hash = hash;
        token.createdAt = clock.instant();
        token.expiresAt = expiresAt;
        tokens.add(token);
        return token;
    }
}
