package io.spyhop.gateway.token;

import io.spyhop.gateway.scope.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Links that sign in whoever opens them first, within some minutes, as the token that they were made for. The code stands
 * behind a {@code #}, so that no server or proxy ever sees it in an address. What a code is worth is kept in the database,
 * as a hash, so that it works on every gateway and after a restart. Thread-safe. Nothing here is logged.
 */
@ApplicationScoped
public class SignInLink {
    private final SignInCodeRepository codes;
    private final Access access;
    private final Clock clock = Clock.systemUTC();

    @Inject
    SignInLink(SignInCodeRepository codes, Access access) {
        this.codes = codes;
        this.access = access;
    }

    /** A link as it is given away. */
    record Link(String url, Instant expiresAt) {}

    /** A fresh link for whoever started Spyhop: it signs in as admin. */
    public String url() {
        Caller admin = access.byName(AdminToken.NAME)
                .orElseThrow(() -> new IllegalStateException("there is no admin token to sign in with"));
        return make(admin.token(), base()).url();
    }

    /**
     * A fresh link.
     *
     * @param token whom it signs in as
     * @param base scheme and authority of the gateway that will be asked
     */
    Link make(UUID token, String base) {
        String code = Secrets.random();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant until = now.plus(AccessLimits.LINK_AGE);
        codes.add(Secrets.hash(code), token, now, until, AccessLimits.LINKS_MAX);
        return new Link(base + "/#code=" + code, until);
    }

    /** Who signs in with this code; it is used up then. */
    Optional<Caller> redeem(String code) {
        return code.isEmpty() || code.length() > AccessLimits.SECRET_LENGTH_MAX
                ? Optional.empty()
                : codes.redeem(Secrets.hash(code), clock.instant()).flatMap(access::byId);
    }

    /** How this machine names the address that a server listens on, in a URL. */
    public static String local(String host) {
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return everywhere ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    }

    private static String base() {
        Config config = ConfigProvider.getConfig();
        String host = config.getOptionalValue("quarkus.http.host", String.class).orElse("localhost");
        return "http://" + local(host) + ":"
                + config.getOptionalValue("quarkus.http.port", Integer.class).orElse(8080);
    }
}
