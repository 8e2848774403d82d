package io.spyhop.messaging;

import io.smallrye.config.ConfigMapping;

/** Where the brokers are. */
@ConfigMapping(prefix = "kafka.bootstrap")
public interface KafkaConfig {
    /** The brokers to begin with: {@code host:port}, comma separated. In one process, an embedded one where it is not set. */
    String servers();
}
