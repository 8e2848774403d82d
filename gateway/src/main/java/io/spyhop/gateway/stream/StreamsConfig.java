package io.spyhop.gateway.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;

/** How live streams behave. */
@ConfigMapping(prefix = "spyhop.gateway")
public interface StreamsConfig {
    /** How often a stream shows a sign of life. */
    @WithDefault("15s")
    @WithConverter(PositiveDuration.class)
    Duration keepAlive();
}
