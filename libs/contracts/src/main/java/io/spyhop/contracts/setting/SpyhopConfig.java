package io.spyhop.contracts.setting;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of every service. */
@ConfigMapping(prefix = "spyhop")
public interface SpyhopConfig {
    /**
     * The data directory. {@code ./spyhop up} keeps everything there; where it is not set, in {@code /var/lib/spyhop} for
     * root, else in {@code ~/.local/share/spyhop}. A gateway of its own keeps its admin token there, and log-service pauses
     * while the disk that it is on is nearly full; both do without.
     */
    Optional<Path> data();

    /** The stable name of this replica of a service, unique among them. */
    @WithDefault("0")
    @WithConverter(ReplicaName.class)
    String replica();

    /**
     * How long a replica of a service may be silent before others take its share over, {@code 6s} to {@code 30m}. Up
     * to {@code 15s}, the longer it is, the less do idle services say to the broker. {@code ./spyhop up} with its embedded
     * broker, where each service has one replica, uses {@code 15s}.
     */
    @WithDefault("6s")
    @WithConverter(ReplicaTimeout.class)
    Duration replicaTimeout();

    /** Between services. */
    Internal internal();

    /** Between services. */
    interface Internal {
        /** The secret that services prove themselves with to each other. Without it none answers another. */
        @Sensitive
        Optional<String> secret();
    }
}
