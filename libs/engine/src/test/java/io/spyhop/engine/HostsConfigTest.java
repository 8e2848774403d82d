package io.spyhop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

class HostsConfigTest {
    @Test
    void shouldHaveNoHostWhenNothingIsSet() {
        assertThat(read(new PropertiesConfigSource(Map.of("spyhop.data", "/data"), "test", 100))
                        .hosts())
                .isEmpty();
    }

    @Test
    void shouldReadEndpointsAndCertificatesWhenPropertiesNameThem() {
        // Given
        Map<String, String> properties = Map.of(
                "spyhop.hosts.east", "unix:///east.sock",
                "spyhop.hosts.\"west.2\"", "tcp://west:2376",
                "spyhop.hosts.\"west.2\".certificates", "/certs");

        // When
        HostsConfig config = read(new PropertiesConfigSource(properties, "test", 100));

        // Then
        assertThat(config.hosts()).containsOnlyKeys("east", "west.2");
        assertThat(host(config, "east").endpoint()).contains("unix:///east.sock");
        assertThat(host(config, "east").certificates()).isEmpty();
        assertThat(host(config, "west.2").endpoint()).contains("tcp://west:2376");
        assertThat(host(config, "west.2").certificates()).contains(Path.of("/certs"));
    }

    @Test
    void shouldReadEndpointsAndCertificatesWhenVariablesNameThem() {
        // Given
        Map<String, String> variables = Map.of(
                "SPYHOP_HOSTS_EAST", "unix:///east.sock",
                "SPYHOP_HOSTS_EAST_CERTIFICATES", "/east",
                "SPYHOP_HOSTS__WEST_2__", "tcp://west:2376",
                "SPYHOP_HOSTS__WEST_2__CERTIFICATES", "/west");

        // When
        HostsConfig config = read(new EnvConfigSource(variables, 300));

        // Then
        assertThat(config.hosts()).containsOnlyKeys("east", "west.2");
        assertThat(host(config, "east").endpoint()).contains("unix:///east.sock");
        assertThat(host(config, "east").certificates()).contains(Path.of("/east"));
        assertThat(host(config, "west.2").endpoint()).contains("tcp://west:2376");
        assertThat(host(config, "west.2").certificates()).contains(Path.of("/west"));
    }

    private static HostsConfig.Host host(HostsConfig config, String name) {
        return Objects.requireNonNull(config.hosts().get(name));
    }

    private static HostsConfig read(ConfigSource source) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(HostsConfig.class)
                .withSources(source)
                .build()
                .getConfigMapping(HostsConfig.class);
    }
}
