package io.spyhop.messaging;

import java.util.Optional;
import java.util.function.Function;

/**
 * How to reach the brokers, and who asks. Immutable.
 *
 * @param bootstrapServers {@code host:port}, comma separated
 * @param service the service's name: its consumer group
 * @param replica the stable name of this replica of the service, unique in its group
 */
public record KafkaConnection(String bootstrapServers, String service, String replica) {
    /**
     * Reads {@code kafka.bootstrap.servers} and {@code spyhop.replica} (default {@code 0}).
     *
     * @param setting gives a setting's value by name
     * @throws IllegalStateException when no brokers are configured
     */
    public static KafkaConnection configured(String service, Function<String, Optional<String>> setting) {
        return new KafkaConnection(
                setting.apply("kafka.bootstrap.servers")
                        .orElseThrow(() -> new IllegalStateException("kafka.bootstrap.servers is not set")),
                service,
                setting.apply("spyhop.replica").orElse("0"));
    }
}
