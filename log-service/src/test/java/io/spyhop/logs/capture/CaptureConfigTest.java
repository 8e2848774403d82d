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
        assertThat(config(Map.of()).readFiles()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1024, 1024", "64KiB, 65536", "3m, 3145728", "2GiB, 2147483648", "1tb, 1099511627776"})
    void shouldMapAllWhenAllIsSet(String text, long bytes) {
        CaptureConfig config = config(Map.of("spyhop.logs.backfill", text, "spyhop.logs.read-files", "false"));

        assertThat(config.backfill()).isEqualTo(bytes);
        assertThat(config.readFiles()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1023", "-1", "much", "1.5GiB", "999999999999999999GiB"})
    void shouldRefuseABackfillWhenItIsNone(String text) {
        assertThatThrownBy(() -> config(Map.of("spyhop.logs.backfill", text)))
                .hasMessageContaining("spyhop.logs.backfill")
                .hasMessageContaining("not a size of 1024 bytes or more");
    }

    private static CaptureConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(CaptureConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(CaptureConfig.class);
    }
}
