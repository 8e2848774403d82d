package io.spyhop.metrics.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;

/**
 * How long resource statistics are kept. They are removed by whole days (of UTC), averages of hours by whole months, so that
 * some stay a little longer. Finer ones must not be kept longer than coarser ones.
 */
@ConfigMapping(prefix = "spyhop.metrics.retention")
public interface RetentionConfig {
    /** How long samples are kept as they were taken. */
    @WithDefault("3d")
    @WithConverter(PositiveDuration.class)
    Duration raw();

    /** How long averages and bounds of five minutes are kept. */
    @WithDefault("30d")
    @WithConverter(PositiveDuration.class)
    Duration minutes();

    /** How long averages and bounds of hours are kept. */
    @WithDefault("365d")
    @WithConverter(PositiveDuration.class)
    Duration hours();
}
