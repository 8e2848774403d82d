package io.spyhop.logs.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
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
        assertThat(config.retention()).hasToString("7d");
        assertThat(config.systemRetention()).hasToString("30d");
        assertThat(config.maxBytes()).isEqualTo(1L << 30);
        assertThat(config.totalBytes()).isEmpty();
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of(
                "spyhop.logs.retention", "12h",
                "spyhop.logs.system-retention", "forever",
                "spyhop.logs.max-bytes", "512m",
                "spyhop.logs.total-bytes", "2g");

        // When
        RetentionConfig config = config(settings);

        // Then
        assertThat(config.retention()).hasToString("12h");
        assertThat(config.systemRetention()).isEqualTo(Age.FOREVER);
        assertThat(config.maxBytes()).isEqualTo(512L << 20);
        assertThat(config.totalBytes()).contains(2L << 30);
    }

    @Test
    void shouldRefuseWhatIsNoAgeAndNoSize() {
        // Given
        Map<String, String> age = Map.of("spyhop.logs.retention", "0d");
        Map<String, String> size = Map.of("spyhop.logs.total-bytes", "much");

        // When / Then
        assertThatThrownBy(() -> config(age)).hasMessageContaining("not an age");
        assertThatThrownBy(() -> config(size)).hasMessageContaining("not a size");
    }

    private static RetentionConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(RetentionConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(RetentionConfig.class);
    }
}
