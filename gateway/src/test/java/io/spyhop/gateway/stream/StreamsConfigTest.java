package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamsConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        StreamsConfig config = config(settings);

        // Then
        assertThat(config.keepAlive()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of("spyhop.gateway.keep-alive", "500ms");

        // When
        StreamsConfig config = config(settings);

        // Then
        assertThat(config.keepAlive()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void shouldRefuseAKeepAliveWhenItIsNoTime() {
        // Given
        Map<String, String> settings = Map.of("spyhop.gateway.keep-alive", "often");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.gateway.keep-alive")
                .hasMessageContaining("not a time longer than none");
    }

    private static StreamsConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(StreamsConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(StreamsConfig.class);
    }
}
