package io.spyhop.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.net.HostAndPort;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardingTest {
    private static final HostAndPort HOST = HostAndPort.create("worker-0-web-3000.localhost", 8080);

    @Test
    void shouldTellAnewWhoAsksWhenTheClientSaysSomethingOfItself() {
        // Given
        MultiMap headers = headers(
                "x-forwarded-for", "6.6.6.6",
                "X-Forwarded-Prefix", "/admin",
                "Forwarded", "for=6.6.6.6",
                "X-Real-IP", "6.6.6.6",
                "X-Forwarder", "stays");

        // When
        Forwarding.request(headers, HOST, "192.0.2.1", "http", false);

        // Then
        assertThat(all(headers))
                .isEqualTo(Map.of(
                        "X-Forwarder", "stays",
                        "X-Forwarded-For", "192.0.2.1",
                        "X-Forwarded-Host", "worker-0-web-3000.localhost:8080",
                        "X-Forwarded-Port", "8080",
                        "X-Forwarded-Proto", "http",
                        "Forwarded", "for=192.0.2.1;host=\"worker-0-web-3000.localhost:8080\";proto=http"));
    }

    @Test
    void shouldQuoteTheAddressWhenItIsOfIpv6AndTellTheSchemesOwnPort() {
        // Given
        MultiMap headers = headers();

        // When
        Forwarding.request(headers, HostAndPort.create("w.example.com", -1), "2001:db8::1", "https", false);

        // Then
        assertThat(headers.get("Forwarded")).isEqualTo("for=\"[2001:db8::1]\";host=\"w.example.com\";proto=https");
        assertThat(headers.get("X-Forwarded-For")).isEqualTo("2001:db8::1");
        assertThat(headers.get("X-Forwarded-Port")).isEqualTo("443");
    }

    @Test
    void shouldKeepWhatBelongsToOneConnectionWhenARequestGoesOn() {
        // Given
        MultiMap headers = headers(
                "Connection", "X-Private , content-length, host",
                "Keep-Alive", "timeout=5",
                "X-Private", "1",
                "TE", "trailers",
                "Trailer", "X-Sum",
                "Upgrade", "h2c",
                "Proxy-Authorization", "Basic eA==",
                "Proxy-Connection", "close",
                "Expect", "100-continue",
                "Content-Length", "3",
                "Host", "web.example.com",
                "Accept", "*/*");

        // When
        Forwarding.request(headers, HOST, "192.0.2.1", "http", false);

        // Then
        assertThat(headers.names())
                .filteredOn(name -> !name.contains("orwarded"))
                .containsExactlyInAnyOrder("Content-Length", "Host", "Accept");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "__Host-spyhop-port=x, none",
                "a=1; __Host-spyhop-port=x; b=2, a=1; b=2",
                "spyhop_session=x; a=1, a=1",
                " a = 1 ;b, a = 1; b",
                "__Host-spyhop-portx=x, __Host-spyhop-portx=x",
            })
    void shouldKeepSpyhopsCookiesFromTheContainer(String sent, String seen) {
        // Given
        MultiMap headers = headers("Cookie", sent, "Authorization", "Basic eA==");

        // When
        Forwarding.request(headers, HOST, "192.0.2.1", "http", false);

        // Then
        assertThat(headers.get("Cookie")).isEqualTo(seen);
        assertThat(headers.get("Authorization")).isEqualTo("Basic eA==");
    }

    @Test
    void shouldKeepTheTokenFromTheContainerWhenItWasSpyhops() {
        // Given
        MultiMap headers = headers("Authorization", "Bearer spy_x");

        // When
        Forwarding.request(headers, HOST, "192.0.2.1", "http", true);

        // Then
        assertThat(headers.contains("Authorization")).isFalse();
    }

    @Test
    void shouldSetCookiesForItsOwnHostOnlyWhenAContainerAnswers() {
        // Given
        MultiMap headers = headers(
                "Set-Cookie", "a=1; Path=/; Domain=.example.com; HttpOnly",
                "set-cookie", "domain=2; DOMAIN = example.com",
                "Set-Cookie", "spyhop_session=stolen",
                "Set-Cookie", "__Host-spyhop-port=other; Path=/",
                "Connection", "close, X-Hop",
                "X-Hop", "1",
                "Clear-Site-Data", "*",
                "Proxy-Authenticate", "Basic",
                "Transfer-Encoding", "chunked",
                "Trailer", "X-Sum",
                "Content-Type", "text/plain");

        // When
        Forwarding.response(headers);

        // Then
        assertThat(headers.getAll("Set-Cookie")).containsExactly("a=1; Path=/; HttpOnly", "domain=2");
        assertThat(headers.names()).containsExactlyInAnyOrder("Set-Cookie", "Trailer", "Content-Type");
    }

    @ParameterizedTest
    @CsvSource({"trailers, true", "'deflate, Trailers', true", "deflate, false"})
    void shouldTellWhetherTrailersAreTaken(String te, boolean taken) {
        // When / Then
        assertThat(Forwarding.takesTrailers(headers("TE", te))).isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource({"Upgrade, true", "'keep-alive, upgrade', true", "keep-alive, false"})
    void shouldTellWhetherAnUpgradeIsWanted(String connection, boolean wanted) {
        // When / Then
        assertThat(Forwarding.upgrades(headers("Connection", connection))).isEqualTo(wanted);
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static Map<String, String> all(MultiMap headers) {
        return headers.entries().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
