package io.spyhop.metrics.sample;

import io.spyhop.engine.Counters;
import java.time.Instant;

/**
 * Counters, and when they were read by the wall clock, which is told and never computed with. Immutable.
 */
record Reading(Counters counters, Instant at) {
    /** How long after another this was read. */
    long nanosAfter(Reading other) {
        return counters.atNanos() - other.counters.atNanos();
    }
}
