package io.spyhop.lifecycle.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.WorkloadId;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Caddy, which serves its own admin API here: that is a program behind a port too. */
class CaddyRoutesIT {
    private static final WorkloadId SHOP = new WorkloadId("shop");
    private static final WorkloadId BLOG = new WorkloadId("blog");

    @TempDir
    Path directory;

    private Caddy caddy;
    private CaddyRoutes routes;

    @BeforeEach
    void start() {
        assertThat(Caddy.PROGRAM)
                .as("./spyhop test installs it; on Debian by hand: apt-get install --no-install-recommends caddy")
                .isExecutable();
        caddy = new Caddy(directory);
        routes = routes(caddy);
    }

    @AfterEach
    void stop() {
        caddy.close();
    }

    @Test
    void shouldLeadToEachPortWhenRoutesAreMade() throws InterruptedException {
        // When
        routes.put(SHOP, "shop.localhost", "127.0.0.1", caddy.admin().getPort());
        routes.put(BLOG, "blog.localhost", "127.0.0.1", 1);

        // Then
        assertThat(routes.hostName("shop")).isEqualTo("shop.localhost");
        assertThat(routes.url("shop.localhost")).isEqualTo("http://shop.localhost:7");
        assertThat(caddy.get("/id/spyhop-shop")).contains("shop.localhost");
        assertThat(caddy.get("/config/apps/http/servers/spyhop/routes/1/@id")).contains("spyhop-shop");
        assertThat(caddy.served("shop.localhost")).contains("not allowed");
        assertThat(caddy.served("blog.localhost")).isEmpty();
        assertThat(caddy.served("other.localhost")).isEmpty();
    }

    @Test
    void shouldHaveOneRouteWhenItIsMadeAgain() throws InterruptedException {
        // When
        routes.put(SHOP, "shop.localhost", "127.0.0.1", 1);
        routes.put(SHOP, "shop.localhost", "127.0.0.1", 1);
        routes.put(SHOP, "shop.localhost", "127.0.0.1", 2);

        // Then
        assertThat(caddy.get("/config/apps/http/servers/spyhop/routes"))
                .contains("127.0.0.1:2")
                .doesNotContain("127.0.0.1:1\"");
        assertThat(caddy.get("/config/apps/http/servers/spyhop/routes/1")).doesNotContain("@id");
    }

    @Test
    void shouldLeadNowhereWhenTheRouteIsRemovedTwice() throws InterruptedException {
        // Given
        routes.put(SHOP, "shop.localhost", "127.0.0.1", caddy.admin().getPort());

        // When // Then
        assertThat(routes.remove(SHOP)).isTrue();
        assertThat(routes.remove(SHOP)).isFalse();
        assertThat(caddy.served("shop.localhost")).isEmpty();
        routes.put(SHOP, "shop.localhost", "127.0.0.1", caddy.admin().getPort());
        assertThat(caddy.served("shop.localhost")).isNotEmpty();
    }

    @Test
    void shouldComeBeforeWhatTheServerHas() throws InterruptedException {
        // Given
        String own = "{\"listen\":[\"" + caddy.listen() + "\"],\"automatic_https\":{\"disable\":true},"
                + "\"routes\":[{\"handle\":[{\"handler\":\"static_response\",\"body\":\"own\"}]}]}";
        caddy.put("/config/apps/http/servers/spyhop", own);

        // When
        routes.put(SHOP, "shop.localhost", "127.0.0.1", caddy.admin().getPort());

        // Then
        assertThat(caddy.served("shop.localhost")).contains("not allowed");
        assertThat(caddy.served("other.localhost")).isEqualTo("own");
    }

    @Test
    void shouldSayWhyWhenCaddyIsAwayOrRefuses() throws InterruptedException {
        // Given
        caddy.put("/config/apps/http/servers/other", "{\"listen\":[\"" + caddy.listen() + "\"]}");

        // When // Then
        assertThatThrownBy(() -> routes.put(SHOP, "shop.localhost", "127.0.0.1", 1))
                .isInstanceOf(Routes.RouteException.class)
                .hasMessageContaining("listener address repeated");
        caddy.stop();
        assertThatThrownBy(() -> routes.put(SHOP, "shop.localhost", "127.0.0.1", 1))
                .isInstanceOf(Routes.RouteException.class)
                .hasMessage("Caddy does not answer");
        assertThatThrownBy(() -> routes.remove(SHOP)).isInstanceOf(Routes.RouteException.class);
        caddy.start();
        routes.put(SHOP, "shop.localhost", "127.0.0.1", caddy.admin().getPort());
        assertThat(caddy.served("shop.localhost")).contains("not allowed");
    }

    private static CaddyRoutes routes(Caddy caddy) {
        Map<String, String> settings = Map.of(
                "spyhop.caddy.admin", caddy.admin().toString(),
                "spyhop.caddy.url", "http://{host}:7",
                "spyhop.caddy.listen", caddy.listen());
        return new CaddyRoutes(DeployConfigTest.config(CaddyConfig.class, settings));
    }
}
