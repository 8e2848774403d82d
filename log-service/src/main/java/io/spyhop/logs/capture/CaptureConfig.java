package io.spyhop.logs.capture;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.ByteSize;

/** How much is captured. */
@ConfigMapping(prefix = "spyhop.logs")
public interface CaptureConfig {
    /**
     * How much of a container's log is read when Spyhop sees the container for the first time: so much of its files, the
     * newest part. One {@code [GAP]} line tells what was left out. A log that is read through the engine's API is read
     * whole.
     */
    @WithDefault("256MiB")
    @WithConverter(ByteSize.class)
    long backfill();
}
