package io.spyhop.gateway.token;

import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.token.KnownCallers.Known;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What lets a browser in at the host of one port, and nowhere else: a code of one use, which whoever is signed in takes there,
 * and the cookie that it is exchanged for. Both are good for that one name only, and end with the session or token that they
 * stand for. Only hashes are kept. Thread-safe; blocks on the database.
 */
@ApplicationScoped
public class PortPasses {
    private final PortPassRepository passes;
    private final TokenRepository tokens;
    private final KnownCallers callers;
    private final Clock clock = Clock.systemUTC();

    @Inject
    PortPasses(PortPassRepository passes, TokenRepository tokens, KnownCallers callers) {
        this.passes = passes;
        this.tokens = tokens;
        this.callers = callers;
    }

    /** A fresh code; its text is never seen again. */
    public record Code(String code, Instant expiresAt) {}

    /** A cookie; its text is never seen again. */
    public record Pass(String cookie, Duration age) {}

    /** A code that lets its bearer in as the caller, at the host of that name. */
    public Code code(Caller caller, String name) {
        String code = Secrets.random();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant until = now.plus(AccessLimits.PORT_CODE_AGE);
        passes.add(
                Secrets.hash(code),
                name,
                caller.token(),
                caller.session().orElse(null),
                now,
                until,
                AccessLimits.PORT_PASSES_MAX);
        return new Code(code, until);
    }

    /** Exchanges a code for a cookie; it is used up then. */
    public Optional<Pass> redeem(String code, String name) {
        if (code.isEmpty() || code.length() > AccessLimits.SECRET_LENGTH_MAX) {
            return Optional.empty();
        }
        String cookie = Secrets.random();
        Instant now = clock.instant();
        return passes.redeem(Secrets.hash(code), Secrets.hash(cookie), name, now, now.plus(AccessLimits.PORT_PASS_AGE))
                .map(until -> new Pass(cookie, Duration.between(now, until)));
    }

    /** Whose cookie this is, at the host of that name. */
    public Optional<Caller> caller(String cookie, String name) {
        return callers.ask(sort(name), cookie, hash -> find(hash, name));
    }

    /** The same, where that was asked for lately; what is in use is asked for anew ahead of time. Never blocks. */
    public Optional<Caller> known(String cookie, String name) {
        return callers.known(sort(name), cookie, hash -> find(hash, name));
    }

    private Optional<Known> find(byte[] hash, String name) {
        Instant now = clock.instant();
        return passes.find(hash, name, now)
                .flatMap(held -> tokens.byId(held.token())
                        .filter(token -> token.isValid(now))
                        .map(token ->
                                Known.of(token.caller(Optional.ofNullable(held.session())), now, held.expiresAt())));
    }

    private static String sort(String name) {
        return "p" + name + ":";
    }
}
