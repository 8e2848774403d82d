package io.spyhop.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;
import java.util.regex.Pattern;

/** What is watched, and how a container's name is read. */
@ConfigMapping(prefix = "spyhop.discovery")
public interface DiscoveryConfig {
    /** Whether only containers with a {@code spyhop.*} label are watched. */
    @WithDefault("false")
    boolean labelledOnly();

    /**
     * The names of containers that are deployments: a regular expression whose group {@code id} gives the workload's id.
     * It counts only for containers without naming labels.
     */
    @WithDefault("^(?:spyhop|zynd)-(?<id>[a-z0-9-]+)$")
    @WithConverter(DeploymentPattern.class)
    Pattern deploymentPattern();

    /**
     * How often all containers are listed and compared with what is known: it finds what events did not tell. What no list
     * shows, such as another name, is looked for each tenth time.
     */
    @WithDefault("30s")
    @WithConverter(PositiveDuration.class)
    Duration reconcileEvery();
}
