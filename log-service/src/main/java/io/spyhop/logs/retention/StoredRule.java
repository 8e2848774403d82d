package io.spyhop.logs.retention;

import org.jspecify.annotations.Nullable;

/**
 * What is told of how long a workload's lines are kept; null where nothing is. Immutable.
 *
 * @param kept whether its kind is one whose lines are kept for ever
 */
record StoredRule(
        boolean kept,
        @Nullable Age labelOutput,
        @Nullable Long labelMaxBytes,
        @Nullable Age apiOutput,
        @Nullable Age apiSystem,
        @Nullable Long apiMaxBytes) {
    static final StoredRule NONE = new StoredRule(false, null, null, null, null, null);
}
