package io.spyhop.messaging;

import io.spyhop.contracts.setting.SpyhopConfig;

/**
 * How to reach the brokers, and who asks. Immutable.
 *
 * @param bootstrapServers {@code host:port}, comma separated
 * @param service the service's name: its consumer group
 * @param replica the stable name of this replica of the service, unique in its group
 */
public record KafkaConnection(String bootstrapServers, String service, String replica) {
    /** As configured, for this process's replica of a service. */
    public static KafkaConnection configured(String service, KafkaConfig kafka, SpyhopConfig spyhop) {
        return new KafkaConnection(kafka.servers(), service, spyhop.replica());
    }
}
