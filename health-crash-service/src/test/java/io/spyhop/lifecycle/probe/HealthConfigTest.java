package io.spyhop.lifecycle.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // When
        HealthConfig config = config(Map.of());

        // Then
        assertThat(config.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.threshold()).isEqualTo(3);
        assertThat(config.path()).isEqualTo("/health");
        assertThat(config.retention()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of(
                "spyhop.health.interval", "10s",
                "spyhop.health.timeout", "500ms",
                "spyhop.health.threshold", "5",
                "spyhop.health.path", "/ok?deep=1",
                "spyhop.health.retention", "1d");

        // When
        HealthConfig config = config(settings);

        // Then
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.threshold()).isEqualTo(5);
        assertThat(config.path()).isEqualTo("/ok?deep=1");
        assertThat(config.retention()).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource({
        "interval, 500ms",
        "interval, 2h",
        "timeout, 50ms",
        "timeout, 1m",
        "threshold, 0",
        "threshold, 101",
        "path, health",
        "path, /he alth",
        "retention, 0s",
    })
    void shouldRefuseWhatIsOutOfBounds(String name, String value) {
        // Given
        Map<String, String> settings = Map.of("spyhop.health." + name, value);

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.health." + name)
                .hasMessageContaining("not ");
    }

    private static HealthConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(HealthConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(HealthConfig.class);
    }
}
