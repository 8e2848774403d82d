package io.spyhop.lifecycle.crash;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What becomes of what has crashed. */
@ConfigMapping(prefix = "spyhop")
public interface CrashConfig {
    /**
     * Whether a container that Spyhop made stays when it dies and is not restarted, so that one can look into it with {@code docker
     * cp}. Otherwise it is removed once its report is stored. Containers of others always stay. {@code
     * DEPLOYER_KEEP_CRASHED_CONTAINERS} is read too, where this is not set.
     */
    @WithDefault("${deployer.keep.crashed.containers:false}")
    boolean keepCrashedContainers();
}
