package io.spyhop.metrics.sample;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.Interval;
import java.time.Duration;

/** How resource use is sampled. */
@ConfigMapping(prefix = "spyhop.metrics")
public interface SampleConfig {
    /**
     * How often what a container uses is stored, from 1s to 1h; the label {@code spyhop.metrics.interval} of a container
     * counts for it alone. It changes nothing about what is told to be used now.
     */
    @WithDefault("30s")
    @WithConverter(Interval.class)
    Duration interval();

    /**
     * Whether the counters of a container of this machine are read from the kernel's files where they may be read; {@code
     * false} asks the engines for all, which costs them far more.
     */
    @WithDefault("true")
    boolean readFiles();
}
