package io.spyhop.gateway.door;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names this server answers for, so that a page of another site cannot reach it by pointing its own name here, and
 * which origins are its own. Immutable.
 */
final class Hosts {
    private static final Set<String> ALWAYS = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Set<String> names;

    Hosts(List<String> allowed) {
        Set<String> all = new HashSet<>(ALWAYS);
        allowed.forEach(name -> all.add(name.strip().toLowerCase(Locale.ROOT)));
        this.names = Set.copyOf(all);
    }

    /**
     * Checks the host that a request names.
     *
     * @throws SpyhopException {@code HOST_UNKNOWN}
     */
    void check(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || !names.contains(authority.host().toLowerCase(Locale.ROOT))) {
            throw new SpyhopException(
                    ErrorCode.HOST_UNKNOWN, "add the host to spyhop.http.allowed-hosts if it is right");
        }
    }

    /** Whether a request says that it comes from a page of this server; null where it does not say. */
    @Nullable
    Boolean sameOrigin(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return null;
        }
        HostAndPort authority = request.authority();
        try {
            URI uri = URI.create(origin);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme();
            boolean web = scheme.equals("http") || scheme.equals("https");
            if (!web || uri.getHost() == null || authority == null) {
                return false;
            }
            // Before a proxy that ends TLS the scheme differs; with it the default port does.
            int standard = scheme.equals("https") ? 443 : 80;
            int from = uri.getPort() < 0 ? standard : uri.getPort();
            int to = authority.port() < 0 ? standard : authority.port();
            return uri.getHost().equalsIgnoreCase(authority.host()) && from == to;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
