package io.spyhop.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiscoveryConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        DiscoveryConfig config = config(settings);

        // Then
        assertThat(config.labelledOnly()).isFalse();
        assertThat(config.deploymentPattern().pattern()).isEqualTo("^(?:spyhop|zynd)-(?<id>[a-z0-9-]+)$");
        assertThat(config.reconcileEvery()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of(
                "spyhop.discovery.labelled-only",
                "true",
                "spyhop.discovery.deployment-pattern",
                "^x-(?<id>.*)$",
                "spyhop.discovery.reconcile-every",
                "2m");

        // When
        DiscoveryConfig config = config(settings);

        // Then
        assertThat(config.labelledOnly()).isTrue();
        assertThat(config.deploymentPattern().pattern()).isEqualTo("^x-(?<id>.*)$");
        assertThat(config.reconcileEvery()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void shouldRefuseAPatternWhenItHasNoId() {
        // Given
        Map<String, String> settings = Map.of("spyhop.discovery.deployment-pattern", "^x-(.*)$");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.discovery.deployment-pattern")
                .hasMessageContaining("without a group named id");
    }

    @Test
    void shouldRefuseAPatternWhenItIsNoExpression() {
        // Given
        Map<String, String> settings = Map.of("spyhop.discovery.deployment-pattern", "(");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.discovery.deployment-pattern")
                .hasMessageContaining("not a regular expression");
    }

    @Test
    void shouldRefuseAnIntervalWhenItIsNone() {
        // Given
        Map<String, String> settings = Map.of("spyhop.discovery.reconcile-every", "0s");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.discovery.reconcile-every")
                .hasMessageContaining("not a time longer than none");
    }

    private static DiscoveryConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(DiscoveryConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(DiscoveryConfig.class);
    }
}
