package io.spyhop.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        AdminConfig config = config(settings);

        // Then
        assertThat(config.token()).isEmpty();
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of("spyhop.admin.token", "a token of twenty letters");

        // When
        AdminConfig config = config(settings);

        // Then
        assertThat(config.token()).contains("a token of twenty letters");
    }

    @Test
    void shouldRefuseATokenWhenItIsShort() {
        // Given
        Map<String, String> settings = Map.of("spyhop.admin.token", "short");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.admin.token")
                .hasMessageContaining("not 20 to 200 characters");
    }

    private static AdminConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(AdminConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(AdminConfig.class);
    }
}
