package io.spyhop.logs.retention;

import org.jspecify.annotations.Nullable;

/**
 * What a container says of how long its workload's lines are kept. Immutable.
 *
 * @param kept whether the workload's kind is one whose lines are kept for ever
 * @param createdAt when the container was created, nanoseconds since the epoch
 */
record Labels(boolean kept, @Nullable Age output, @Nullable Long maxBytes, long createdAt) {}
