package io.spyhop.messaging;

/**
 * How to reach the brokers, and who asks. Immutable.
 *
 * @param bootstrapServers {@code host:port}, comma separated
 * @param service the service's name: its consumer group
 * @param replica the stable name of this replica of the service, unique in its group
 */
public record KafkaConnection(String bootstrapServers, String service, String replica) {}
