package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaConfigTest {
    @Test
    void shouldNameOneBrokerWhenOneIsSet() {
        // Given
        Map<String, String> settings = Map.of("kafka.bootstrap.servers", "a:9092");

        // When
        KafkaConfig config = config(settings);

        // Then
        assertThat(config.servers()).isEqualTo("a:9092");
    }

    @Test
    void shouldMapAllWhenAllIsSet() {
        // Given
        Map<String, String> settings = Map.of("kafka.bootstrap.servers", "a:9092,b:9092");

        // When
        KafkaConfig config = config(settings);

        // Then
        assertThat(config.servers()).isEqualTo("a:9092,b:9092");
    }

    @Test
    void shouldRefuseToGuessWhenNoBrokerIsSet() {
        // Given
        Map<String, String> settings = Map.of();

        // When / Then
        assertThatThrownBy(() -> config(settings)).hasMessageContaining("kafka.bootstrap.servers");
    }

    private static KafkaConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(KafkaConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(KafkaConfig.class);
    }
}
