package io.spyhop.lifecycle.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeployConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // When
        DeploymentsConfig deployments = config(DeploymentsConfig.class, Map.of());
        CaddyConfig caddy = config(CaddyConfig.class, Map.of());

        // Then
        assertThat(deployments.ports()).isEqualTo(new PortRange(20_000, 29_999));
        assertThat(deployments.address()).isEqualTo("127.0.0.1");
        assertThat(deployments.registryLogins()).isEmpty();
        assertThat(caddy.admin()).isEmpty();
        assertThat(caddy.baseDomain()).isEqualTo("localhost");
        assertThat(caddy.url()).isEqualTo("http://{host}");
        assertThat(caddy.server()).isEqualTo("spyhop");
        assertThat(caddy.listen()).isEqualTo(":80");
        assertThat(caddy.checkEvery()).hasSeconds(15);
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // When
        DeploymentsConfig deployments = config(
                DeploymentsConfig.class,
                Map.of(
                        "spyhop.deployments.ports", "3000-3001",
                        "spyhop.deployments.address", "0.0.0.0",
                        "spyhop.deployments.registry-logins", "/etc/spyhop/registries.json"));
        CaddyConfig caddy = config(
                CaddyConfig.class,
                Map.of(
                        "spyhop.caddy.admin", "http://caddy:2019",
                        "spyhop.caddy.base-domain", "example.com",
                        "spyhop.caddy.url", "https://{host}",
                        "spyhop.caddy.server", "srv0",
                        "spyhop.caddy.listen", ":443",
                        "spyhop.caddy.check-every", "2m"));

        // Then
        assertThat(deployments.ports()).isEqualTo(new PortRange(3000, 3001));
        assertThat(deployments.ports().size()).isEqualTo(2);
        assertThat(deployments.address()).isEqualTo("0.0.0.0");
        assertThat(deployments.registryLogins()).contains(Path.of("/etc/spyhop/registries.json"));
        assertThat(caddy.admin()).contains(URI.create("http://caddy:2019"));
        assertThat(caddy.baseDomain()).isEqualTo("example.com");
        assertThat(caddy.url()).isEqualTo("https://{host}");
        assertThat(caddy.server()).isEqualTo("srv0");
        assertThat(caddy.listen()).isEqualTo(":443");
        assertThat(caddy.checkEvery()).hasMinutes(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20000", "0-10", "10-9", "1-65536", "a-b", "1-2-3"})
    void shouldRefuseWhatIsNoRange(String text) {
        assertThatThrownBy(() -> config(DeploymentsConfig.class, Map.of("spyhop.deployments.ports", text)))
                .hasMessageContaining("spyhop.deployments.ports")
                .hasMessageContaining("not a range of ports");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caddy:2019", "ftp://caddy", "http://", "http://caddy?x=1"})
    void shouldRefuseWhatIsNoUrl(String text) {
        assertThatThrownBy(() -> config(CaddyConfig.class, Map.of("spyhop.caddy.admin", text)))
                .hasMessageContaining("spyhop.caddy.admin")
                .hasMessageContaining("not a URL");
    }

    /** A mapping of these settings alone. */
    static <T> T config(Class<T> type, Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(type)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(type);
    }
}
