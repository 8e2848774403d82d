package io.spyhop.logs.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureConfigTest {
    @Test
    void shouldHaveDefaultsWhenNothingIsSet() {
        assertThat(config(Map.of()).backfill()).isEqualTo(256L * 1024 * 1024);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "64KiB, 65536", "3 m, 3145728", "2GiB, 2147483648", "1tib, 1099511627776"})
    void shouldMapAllWhenAllIsSet(String text, long bytes) {
        assertThat(config(Map.of("spyhop.logs.backfill", text)).backfill()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "much", "1.5GiB", "999999999999999999GiB"})
    void shouldRefuseABackfillWhenItIsNone(String text) {
        assertThatThrownBy(() -> config(Map.of("spyhop.logs.backfill", text)))
                .hasMessageContaining("spyhop.logs.backfill")
                .hasMessageContaining("not a number of bytes greater than 0");
    }

    private static CaptureConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(CaptureConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(CaptureConfig.class);
    }
}
