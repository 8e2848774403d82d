package io.spyhop.gateway.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicesConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        ServicesConfig config = config(settings);

        // Then
        assertThat(config.healthCrashService()).isEqualTo(URI.create("http://127.0.0.1:8083"));
        assertThat(config.logService()).isEqualTo(URI.create("http://127.0.0.1:8081"));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of("spyhop.services.health-crash-service.url", "http://a:1", "spyhop.services.log-service.url", "http://b:2");

        // When
        ServicesConfig config = config(settings);

        // Then
        assertThat(config.healthCrashService()).isEqualTo(URI.create("http://a:1"));
        assertThat(config.logService()).isEqualTo(URI.create("http://b:2"));
    }

    @Test
    void shouldRefuseAnAddressWhenItIsNone() {
        // Given
        Map<String, String> settings = Map.of("spyhop.services.log-service.url", "http://a b");

        // When / Then
        assertThatThrownBy(() -> config(settings)).hasMessageContaining("spyhop.services.log-service.url").hasMessageContaining("Illegal character");
    }

    private static ServicesConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(ServicesConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(ServicesConfig.class);
    }
}
