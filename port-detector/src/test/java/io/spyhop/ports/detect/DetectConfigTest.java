package io.spyhop.ports.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // When
        DetectConfig config = config(Map.of());

        // Then
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.localInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.enterNamespaces()).isTrue();
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // When
        DetectConfig config = config(Map.of(
                "spyhop.ports.interval", "1m",
                "spyhop.ports.local-interval", "15s",
                "spyhop.ports.enter-namespaces", "false"));

        // Then
        assertThat(config.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.localInterval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.enterNamespaces()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "999ms", "61m", "often", "-1s"})
    void shouldRefuseAnIntervalWhenItIsNone(String text) {
        assertThatThrownBy(() -> config(Map.of("spyhop.ports.local-interval", text)))
                .hasMessageContaining("spyhop.ports.local-interval")
                .hasMessageContaining("not whole seconds from 1s to 1h");
    }

    private static DetectConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(DetectConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(DetectConfig.class);
    }
}
