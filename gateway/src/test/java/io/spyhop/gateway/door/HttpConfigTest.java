package io.spyhop.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        HttpConfig config = config(settings);

        // Then
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.allowedHosts()).isEmpty();
        assertThat(config.headTimeout()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of(
                "spyhop.http.host",
                "0.0.0.0",
                "spyhop.http.port",
                "0",
                "spyhop.http.allowed-hosts",
                "a.example,b.example",
                "spyhop.http.head-timeout",
                "3s");

        // When
        HttpConfig config = config(settings);

        // Then
        assertThat(config.host()).isEqualTo("0.0.0.0");
        assertThat(config.port()).isZero();
        assertThat(config.allowedHosts()).contains(List.of("a.example", "b.example"));
        assertThat(config.headTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void shouldRefuseATimeWhenItIsNone() {
        // Given
        Map<String, String> settings = Map.of("spyhop.http.head-timeout", "0s");

        // When / Then
        assertThatThrownBy(() -> config(settings)).hasMessageContaining("spyhop.http.head-timeout");
    }

    @Test
    void shouldRefuseAPortWhenThereIsNone() {
        // Given
        Map<String, String> settings = Map.of("spyhop.http.port", "65536");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.http.port")
                .hasMessageContaining("not a port");
    }

    private static HttpConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(HttpConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(HttpConfig.class);
    }
}
