package io.spyhop.contracts.setting;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of every service. */
@ConfigMapping(prefix = "spyhop")
public interface SpyhopConfig {
    /**
     * The data directory. In one process it holds everything, and is {@code /var/lib/spyhop} for root, else {@code
     * ~/.local/share/spyhop}, where it is not set. A service of its own keeps nothing but what its page says there.
     */
    Optional<Path> data();

    /** The stable name of this replica of a service, unique among them. */
    @WithDefault("0")
    @WithConverter(ReplicaName.class)
    String replica();

    /** Between services. */
    Internal internal();

    /** Between services. */
    interface Internal {
        /** The secret that services prove themselves with to each other. Without it none answers another. */
        @Sensitive
        Optional<String> secret();
    }
}
