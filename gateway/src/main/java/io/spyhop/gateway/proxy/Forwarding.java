package io.spyhop.gateway.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What becomes of headers on their way to a container and back. What belongs to one connection stays there, what lets somebody
 * into Spyhop is kept from the container, and who asks is told anew: what a client says of that itself is not believed.
 */
final class Forwarding {
    /** The dashboard's own, which browsers keep to its host; not to be seen by a container even so. */
    private static final Set<String> OWN_COOKIES = Set.of(Admission.COOKIE, "spyhop_session");

    private static final List<String> HOP_BY_HOP = List.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade");

    private static final String TRAILERS = "trailers";

    private Forwarding() {}

    /**
     * Changes the headers of a request.
     *
     * @param headers a copy of what came
     * @param authority that was asked
     * @param remote who asked
     * @param scheme as a browser sees it, which a proxy before Spyhop may have ended
     * @param byToken whether {@code Authorization} was meant for Spyhop
     */
    static void request(MultiMap headers, HostAndPort authority, String remote, String scheme, boolean byToken) {
        stripConnection(headers);
        if (byToken) {
            headers.remove(HttpHeaders.AUTHORIZATION);
        }
        // Answered here, once there is a connection.
        headers.remove(HttpHeaders.EXPECT);
        // What a client sends behind a body is not passed on; what a container does is.
        headers.remove("trailer");
        stripCookies(headers);
        for (String name : List.copyOf(headers.names())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-forwarded-") || lower.equals("x-real-ip")) {
                headers.remove(name);
            }
        }
        String host = authority.port() < 0 ? authority.host() : authority.host() + ":" + authority.port();
        int port = authority.port() >= 0 ? authority.port() : scheme.equals("https") ? 443 : 80;
        String node = remote.contains(":") ? "\"[" + remote + "]\"" : remote;
        headers.set("X-Forwarded-For", remote)
                .set("X-Forwarded-Host", host)
                .set("X-Forwarded-Port", Integer.toString(port))
                .set("X-Forwarded-Proto", scheme)
                .set("Forwarded", "for=" + node + ";host=\"" + host + "\";proto=" + scheme);
    }

    /** Whether a client can take fields after a body. */
    static boolean takesTrailers(MultiMap headers) {
        return lists(headers, "te", TRAILERS);
    }

    /** Whether a client wants to speak something else on its connection; some browsers name {@code keep-alive} beside it. */
    static boolean upgrades(MultiMap headers) {
        return lists(headers, "connection", "upgrade");
    }

    private static boolean lists(MultiMap headers, String name, String wanted) {
        return headers.getAll(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(value -> value.strip().equalsIgnoreCase(wanted));
    }

    /** Changes the headers of an answer. */
    static void response(MultiMap headers) {
        stripConnection(headers);
        // It would clear the dashboard's cookies too.
        headers.remove("clear-site-data");
        List<String> cookies = headers.getAll("set-cookie");
        if (!cookies.isEmpty()) {
            headers.remove("set-cookie");
            headers.add(
                    "Set-Cookie",
                    cookies.stream()
                            .flatMap(cookie -> setCookie(cookie).stream())
                            .toList());
        }
    }

    /** Headers of one connection, and those that it names as such. */
    private static void stripConnection(MultiMap headers) {
        List<String> named = new ArrayList<>(HOP_BY_HOP);
        headers.getAll(HttpHeaders.CONNECTION)
                .forEach(value -> Arrays.stream(value.split(",", -1))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        // A client cannot have those removed that say where a message goes and ends.
                        .filter(name -> !name.isEmpty() && !name.equals("host") && !name.equals("content-length"))
                        .forEach(named::add));
        named.forEach(headers::remove);
    }

    private static void stripCookies(MultiMap headers) {
        List<String> rows = headers.getAll(HttpHeaders.COOKIE);
        if (rows.isEmpty()) {
            return;
        }
        String others = rows.stream()
                .flatMap(row -> Arrays.stream(row.split(";", -1)))
                .map(String::strip)
                .filter(pair -> !pair.isEmpty() && !isOwn(pair))
                .collect(Collectors.joining("; "));
        headers.remove(HttpHeaders.COOKIE);
        if (!others.isEmpty()) {
            headers.set(HttpHeaders.COOKIE, others);
        }
    }

    private static boolean isOwn(String pair) {
        int equals = pair.indexOf('=');
        return OWN_COOKIES.contains((equals < 0 ? pair : pair.substring(0, equals)).strip());
    }

    /** A container sets cookies for its own host only, whatever it says: a wider one would reach the dashboard's and others'. */
    private static List<String> setCookie(String cookie) {
        String[] parts = cookie.split(";", -1);
        if (isOwn(parts[0])) {
            return List.of();
        }
        Stream<String> attributes = Arrays.stream(parts)
                .skip(1)
                .filter(part -> !part.isBlank()
                        && !part.strip().toLowerCase(Locale.ROOT).matches("domain\\s*(=.*)?"));
        return List.of(Stream.concat(Stream.of(parts[0]), attributes).collect(Collectors.joining(";")));
    }
}
