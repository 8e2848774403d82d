package io.spyhop.contracts.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(config.replicaTimeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(config.internal().secret()).isEmpty();
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of(
                "spyhop.data",
                "/srv/spyhop",
                "spyhop.replica",
                "b",
                "spyhop.replica-timeout",
                "30m",
                "spyhop.internal.secret",
                "between us");

        // When
        SpyhopConfig config = config(settings);

        // Then
        assertThat(config.data()).contains(Path.of("/srv/spyhop"));
        assertThat(config.replica()).isEqualTo("b");
        assertThat(config.replicaTimeout()).isEqualTo(Duration.ofMinutes(30));
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

    @ParameterizedTest
    @ValueSource(strings = {"5999ms", "1801s", "0s", "soon"})
    void shouldRefuseATimeoutThatBrokersWouldNotTake(String timeout) {
        // Given
        Map<String, String> settings = Map.of("spyhop.replica-timeout", timeout);

        // When / Then
        assertThatThrownBy(() -> config(settings))
                .hasMessageContaining("spyhop.replica-timeout")
                .hasMessageContaining("not a time");
    }

    private static SpyhopConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(SpyhopConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(SpyhopConfig.class);
    }
}
