package io.spyhop.contracts.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpyhopConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When
        SpyhopConfig config = config(settings);

        // Then
        assertThat(config.data()).isEmpty();
        assertThat(config.replica()).isEqualTo("0");
        assertThat(config.internal().secret()).isEmpty();
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings =
                Map.of("spyhop.data", "/srv/spyhop", "spyhop.replica", "b", "spyhop.internal.secret", "between us");

        // When
        SpyhopConfig config = config(settings);

        // Then
        assertThat(config.data()).contains(Path.of("/srv/spyhop"));
        assertThat(config.replica()).isEqualTo("b");
        assertThat(config.internal().secret()).contains("between us");
    }

    @Test
    void shouldRefuseAReplicaWhenKafkaWouldNotTakeItsName() {
        // Given
        Map<String, String> settings = Map.of("spyhop.replica", "a b");

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.replica")
                .hasMessageContaining("letters, digits");
    }

    private static SpyhopConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(SpyhopConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(SpyhopConfig.class);
    }
}
