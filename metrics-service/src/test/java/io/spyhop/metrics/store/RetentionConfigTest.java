package io.spyhop.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        RetentionConfig config = config(settings);

        // Then
        assertThat(config.raw()).isEqualTo(Duration.ofDays(3));
        assertThat(config.minutes()).isEqualTo(Duration.ofDays(30));
        assertThat(config.hours()).isEqualTo(Duration.ofDays(365));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of(
                "spyhop.metrics.retention.raw", "12h",
                "spyhop.metrics.retention.minutes", "7d",
                "spyhop.metrics.retention.hours", "P90D");

        // When
        RetentionConfig config = config(settings);

        // Then
        assertThat(config.raw()).isEqualTo(Duration.ofHours(12));
        assertThat(config.minutes()).isEqualTo(Duration.ofDays(7));
        assertThat(config.hours()).isEqualTo(Duration.ofDays(90));
    }

    @Test
    void shouldRefuseWhatIsNoTime() {
        // Given
        Map<String, String> settings = Map.of("spyhop.metrics.retention.raw", "0d");

        // When / Then
        assertThatThrownBy(() -> config(settings)).hasMessageContaining("not a time longer than none");
    }

    private static RetentionConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(RetentionConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(RetentionConfig.class);
    }
}
