package io.spyhop.metrics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        assertThat(config(Map.of()).interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config(Map.of()).readFiles()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1s, 1", "5m, 300", "1h, 3600", "2000ms, 2", "PT10S, 10"})
    void shouldMapAllWhenAllIsSet(String text, long seconds) {
        SampleConfig config = config(Map.of("spyhop.metrics.interval", text, "spyhop.metrics.read-files", "false"));

        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(config.readFiles()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "999ms", "1500ms", "61m", "2h", "often", "-1s"})
    void shouldRefuseAnIntervalWhenItIsNone(String text) {
        assertThatThrownBy(() -> config(Map.of("spyhop.metrics.interval", text)))
                .hasMessageContaining("spyhop.metrics.interval")
                .hasMessageContaining("not whole seconds from 1s to 1h");
    }

    private static SampleConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(SampleConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(SampleConfig.class);
    }
}
