package io.spyhop.lifecycle.probe;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.Interval;
import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;

/** How containers are asked for their health, where neither the API nor a label says so. */
@ConfigMapping(prefix = "spyhop.health")
public interface HealthConfig {
    /** How often a container is asked: whole seconds from {@code 1s} to {@code 1h}. */
    @WithDefault("60s")
    @WithConverter(Interval.class)
    Duration interval();

    /** How long the whole answer may take, from {@code 100ms} to {@code 30s}. */
    @WithDefault("2s")
    @WithConverter(ProbeTimeout.class)
    Duration timeout();

    /** How many failures in a row make a container unhealthy, from 1 to 100. */
    @WithDefault("3")
    @WithConverter(ProbeThreshold.class)
    int threshold();

    /** What is asked for. */
    @WithDefault("/health")
    @WithConverter(ProbePath.class)
    String path();

    /** How long probes are kept; what they changed is kept ten times as long. */
    @WithDefault("3d")
    @WithConverter(PositiveDuration.class)
    Duration retention();
}
