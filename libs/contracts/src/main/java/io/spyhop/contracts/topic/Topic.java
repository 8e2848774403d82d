package io.spyhop.contracts.topic;

import java.time.Duration;

/**
 * One Kafka topic as Spyhop declares it. Immutable.
 *
 * @param name {@code spyhop.<domain>.<plural>.v<n>}
 * @param cleanup what happens to old records
 * @param retention how long records stay where {@code cleanup} deletes
 * @param retentionBytes bytes kept a partition where {@code cleanup} deletes, so that Kafka never fills a disk
 */
public record Topic(String name, Cleanup cleanup, Duration retention, long retentionBytes) {
    /**
     * Partitions of every topic. Fixed, because the partition of a workload must be the same on all topics and for
     * ever; twelve divides evenly among 2, 3, 4 and 6 replicas.
     */
    public static final int PARTITIONS = 12;

    /** Kafka's {@code cleanup.policy}. */
    public enum Cleanup {
        /** The newest record of each key stays. */
        COMPACT("compact"),
        /** Records go by age and size. */
        DELETE("delete"),
        /** The newest record of each key stays until it goes by age. */
        COMPACT_DELETE("compact,delete");

        private final String policy;

        Cleanup(String policy) {
            this.policy = policy;
        }

        /** The value of {@code cleanup.policy}. */
        public String policy() {
            return policy;
        }
    }
}
