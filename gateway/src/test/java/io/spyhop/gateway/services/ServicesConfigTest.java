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
        assertThat(config.healthCrashService()).containsExactly(URI.create("http://127.0.0.1:8083"));
        assertThat(config.jobsService()).containsExactly(URI.create("http://127.0.0.1:8085"));
        assertThat(config.logService()).containsExactly(URI.create("http://127.0.0.1:8081"));
        assertThat(config.metricsService()).containsExactly(URI.create("http://127.0.0.1:8082"));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of(
                "spyhop.services.health-crash-service.url", "http://a:1,http://a:2",
                "spyhop.services.jobs-service.url", "http://d:1",
                "spyhop.services.log-service.url", "http://b:1",
                "spyhop.services.metrics-service.url", "http://c:1");

        // When
        ServicesConfig config = config(settings);

        // Then
        assertThat(config.healthCrashService()).containsExactly(URI.create("http://a:1"), URI.create("http://a:2"));
        assertThat(config.jobsService()).containsExactly(URI.create("http://d:1"));
        assertThat(config.logService()).containsExactly(URI.create("http://b:1"));
        assertThat(config.metricsService()).containsExactly(URI.create("http://c:1"));
    }

    @Test
    void shouldRefuseAnAddressWhenItIsNone() {
        // Given
        Map<String, String> settings = Map.of("spyhop.services.log-service.url", "http://a b");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.services.log-service.url")
                .hasMessageContaining("not such as http");
    }

    private static ServicesConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(ServicesConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(ServicesConfig.class);
    }
}
