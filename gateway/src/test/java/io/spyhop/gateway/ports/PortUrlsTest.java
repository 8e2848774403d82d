package io.spyhop.gateway.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.spyhop.contracts.WorkloadId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortUrlsTest {
    private static final WorkloadId WEB = new WorkloadId("web");

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, http://worker-0-web-3000.localhost:8080",
        "https://Spyhop.Example.com, https://worker-0-web-3000.spyhop.example.com",
        "https://spyhop.example.com/, https://worker-0-web-3000.spyhop.example.com",
        "https://spyhop.example.com:8443, https://worker-0-web-3000.spyhop.example.com:8443",
    })
    void shouldFollowTheBaseUrl(String base, String url) {
        assertThat(urls(Map.of("spyhop.base-url", base)).url(WEB, 0, 3000)).isEqualTo(url);
    }

    @Test
    void shouldBeOnThisMachineWhenNothingIsSet() {
        assertThat(urls(Map.of()).url(WEB, 2, 80)).matches("http://worker-2-web-80\\.localhost:\\d+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spyhop.example.com",
                "ftp://spyhop.example.com",
                "https://",
                "https://10.0.0.1",
                "https://[::1]:8080",
                "https://spyhop.example.com/path",
                "https://spyhop.example.com?q",
                "https://me@spyhop.example.com",
                "https://under_score.example.com"
            })
    void shouldRefuseWhatHasNoNamesBelowIt(String base) {
        assertThatThrownBy(() -> urls(Map.of("spyhop.base-url", base)).base())
                .hasMessageContaining("spyhop.base-url")
                .hasMessageContaining("not a scheme, a host name and perhaps a port");
    }

    @Test
    void shouldFitIntoALabelAndTellLongOnesApart() {
        // Given: the longest id
        WorkloadId id = new WorkloadId("a".repeat(WorkloadId.LENGTH_MAX));

        // Then
        assertThat(PortUrls.label(id, 99_999, 65_535)).isEqualTo("worker-99999-" + id + "-65535");
        String one = PortUrls.label(id, Integer.MAX_VALUE, 65_535);
        assertThat(one).hasSize(PortUrls.LABEL_MAX).matches("worker-2147483647-a+-[0-9a-f]{8}");
        assertThat(PortUrls.label(id, Integer.MAX_VALUE, 65_534))
                .hasSize(PortUrls.LABEL_MAX)
                .isNotEqualTo(one);
    }

    private static PortUrls urls(Map<String, String> settings) {
        return new PortUrls(new SmallRyeConfigBuilder()
                .withMapping(BaseUrlConfig.class)
                .withValidateUnknown(false)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build()
                .getConfigMapping(BaseUrlConfig.class));
    }
}
