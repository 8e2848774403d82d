package io.spyhop.lifecycle.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrashConfigTest {
    @Test
    void shouldKeepNothingWhenNothingIsSet() {
        assertThat(config(Map.of()).keepCrashedContainers()).isFalse();
    }

    @Test
    void shouldTakeEitherNameAndItsOwnFirst() {
        assertThat(config(Map.of("spyhop.keep-crashed-containers", "true")).keepCrashedContainers())
                .isTrue();
        assertThat(config(Map.of("deployer.keep.crashed.containers", "true")).keepCrashedContainers())
                .isTrue();
        assertThat(config(Map.of(
                                "deployer.keep.crashed.containers", "true",
                                "spyhop.keep-crashed-containers", "false"))
                        .keepCrashedContainers())
                .isFalse();
    }

    private static CrashConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withDefaultValues(values)
                .withMapping(CrashConfig.class)
                .build()
                .getConfigMapping(CrashConfig.class);
    }
}
