package io.spyhop.gateway.proxy;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Remote;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.token.Access;
import io.spyhop.gateway.token.FailedSignIns;
import io.spyhop.gateway.token.PortPasses;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks at a port's host: whoever sends a token of Spyhop, or the cookie that the dashboard's code was exchanged for. What
 * else stands in {@code Authorization} is the program's own affair. Thread-safe; blocks on the database.
 */
@ApplicationScoped
class Admission {
    /** Browsers keep such a cookie to the host that set it, over TLS, or on their own machine. */
    static final String COOKIE = "__Host-spyhop-port";

    private static final String BEARER = "bearer ";

    /** What tokens of Spyhop begin with. One that is wrong is no other's, and no program's affair. */
    private static final String OWN = "spy_";

    private static final Set<String> OTHER_SITES = Set.of("cross-site", "same-site");

    private final Access access;
    private final PortPasses passes;
    private final FailedSignIns failures;

    @Inject
    Admission(Access access, PortPasses passes, FailedSignIns failures) {
        this.access = access;
        this.passes = passes;
        this.failures = failures;
    }

    /**
     * Who it is.
     *
     * @param caller null where the request does not say, or not to Spyhop
     * @param byToken whether the token in {@code Authorization} said so: nobody else is to see it
     */
    record Admitted(@Nullable Caller caller, boolean byToken) {}

    /**
     * Asks who it is.
     *
     * @param name the label of the host
     * @param isPublic whether nobody has to say
     * @throws SpyhopException when a token is wrong, or a page of another site makes a browser ask
     */
    Admitted of(HttpServerRequest request, String name, boolean isPublic) {
        List<String> authorizations = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (authorizations.size() > 1) {
            throw SpyhopException.parameter("Authorization", "one of it");
        }
        String token = authorizations.isEmpty() ? null : bearer(authorizations.getFirst());
        if (token != null) {
            Optional<Caller> caller = access.byToken(token);
            if (caller.isPresent()) {
                failures.cleared(Remote.of(request));
                return new Admitted(caller.get(), true);
            }
            if (token.startsWith(OWN)) {
                throw failures.refusal(Remote.of(request), "the token is not valid");
            }
        }
        Cookie cookie = request.getCookie(COOKIE);
        if (cookie == null || isPublic) {
            return new Admitted(null, false);
        }
        Optional<Caller> caller = passes.caller(cookie.getValue(), name);
        if (caller.isPresent()) {
            checkOrigin(request);
        }
        return new Admitted(caller.orElse(null), false);
    }

    /**
     * Who it is, where that is known without asking the database; never blocks.
     *
     * @return null where it is not, and where nobody says who it is though somebody has to
     * @throws SpyhopException as above
     */
    @Nullable
    Admitted known(HttpServerRequest request, String name, boolean isPublic) {
        List<String> authorizations = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (authorizations.size() > 1) {
            return null;
        }
        String token = authorizations.isEmpty() ? null : bearer(authorizations.getFirst());
        if (token != null) {
            Optional<Caller> caller = access.known(token);
            caller.ifPresent(known -> failures.cleared(Remote.of(request)));
            return caller.map(known -> new Admitted(known, true)).orElse(null);
        }
        if (isPublic) {
            return new Admitted(null, false);
        }
        Cookie cookie = request.getCookie(COOKIE);
        Optional<Caller> caller = cookie == null ? Optional.empty() : passes.known(cookie.getValue(), name);
        caller.ifPresent(known -> checkOrigin(request));
        return caller.map(known -> new Admitted(known, false)).orElse(null);
    }

    /** Nobody is known to ask. Whoever guesses tokens has to wait. */
    SpyhopException refusal(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && bearer(header) != null
                ? failures.refusal(Remote.of(request), "the token is not valid")
                : new SpyhopException(
                        ErrorCode.TOKEN_MISSING,
                        "this port is private: send a token of Spyhop as Authorization: Bearer, or open it in a browser");
    }

    /**
     * A cookie comes along with whatever a page of another host makes a browser ask, and those of other containers are of the
     * same site. Browsers say so; only to follow a link is let through.
     */
    private static void checkOrigin(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String site = request.getHeader("Sec-Fetch-Site");
        boolean navigates = "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
        boolean foreign = origin != null
                ? !isOf(origin, request.getHeader(HttpHeaders.HOST))
                : site != null && OTHER_SITES.contains(site) && !navigates;
        if (foreign) {
            throw new SpyhopException(
                    ErrorCode.ORIGIN_FOREIGN, "a page of another host may not ask with this browser's cookie");
        }
    }

    private static boolean isOf(String origin, @Nullable String host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String bearer(String header) {
        return header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? header.substring(BEARER.length()).strip()
                : null;
    }
}
