package io.spyhop.ports.detect;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.Interval;
import java.time.Duration;

/** How listening ports are found. */
@ConfigMapping(prefix = "spyhop.ports")
public interface DetectConfig {
    /** How often a container is looked at by a program of its own, from 1s to 1h: each time costs its engine tens of milliseconds. */
    @WithDefault("10s")
    @WithConverter(Interval.class)
    Duration interval();

    /** How often one of this machine is, from inside its network namespace, from 1s to 1h: each time costs some microseconds. */
    @WithDefault("2s")
    @WithConverter(Interval.class)
    Duration localInterval();

    /**
     * Whether network namespaces of this machine's containers are entered, where that is allowed; {@code false} uses their own
     * programs for all.
     */
    @WithDefault("true")
    boolean enterNamespaces();
}
