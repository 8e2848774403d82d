package io.spyhop.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        AuditConfig config = config(settings);

        // Then
        assertThat(config.retention()).isEqualTo(Duration.ofDays(90));
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of("spyhop.audit.retention", "30d");

        // When
        AuditConfig config = config(settings);

        // Then
        assertThat(config.retention()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void shouldRefuseARetentionWhenItIsNone() {
        // Given
        Map<String, String> settings = Map.of("spyhop.audit.retention", "0d");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.audit.retention")
                .hasMessageContaining("not a time longer than none");
    }

    private static AuditConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(AuditConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(AuditConfig.class);
    }
}
