package io.spyhop.messaging;

import io.spyhop.contracts.setting.SpyhopConfig;
import java.time.Duration;

/**
 * How to reach the brokers, and who asks. Immutable.
 *
 * @param bootstrapServers {@code host:port}, comma separated
 * @param service the service's name: its consumer group
 * @param replica the stable name of this replica of the service, unique in its group
 * @param session a member of a group that is silent for so long loses its share; the other times of a member are
 *     parts of it, or of 15 s
 */
public record KafkaConnection(String bootstrapServers, String service, String replica, Duration session) {
    /** With the shortest session that brokers allow by default. */
    public KafkaConnection(String bootstrapServers, String service, String replica) {
        this(bootstrapServers, service, replica, Limits.SESSION_MIN);
    }

    /** As configured, for this process's replica of a service. */
    public static KafkaConnection configured(String service, KafkaConfig kafka, SpyhopConfig spyhop) {
        return new KafkaConnection(kafka.servers(), service, spyhop.replica(), spyhop.replicaTimeout());
    }

    /**
     * How often a member of a group says that it lives, how soon it hears that others joined or left, and how long the
     * broker may keep its question for records.
     */
    Duration heartbeat() {
        return pace().dividedBy(3);
    }

    /**
     * How long one poll of a member lasts; bounds how late a rebalance is noticed. Records end it at once, so a shorter one
     * only costs an idle installation more.
     */
    Duration poll() {
        return pace().dividedBy(6);
    }

    /** The pause between two tries of a member; also how often its heart is looked at, beating or not. */
    Duration retry() {
        return pace().dividedBy(20);
    }

    /** However patient the others are, a kept question ends well before its request does. */
    private Duration pace() {
        return session.compareTo(Limits.SESSION_PACE_MAX) < 0 ? session : Limits.SESSION_PACE_MAX;
    }
}
