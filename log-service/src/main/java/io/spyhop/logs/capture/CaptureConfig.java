package io.spyhop.logs.capture;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.ByteSize;

/** How logs are captured. */
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

    /**
     * Whether the log of a container of this machine's engine is read from the engine's files where they are and may be
     * read; {@code false} reads every log through the engine's API.
     */
    @WithDefault("true")
    boolean readFiles();
}
