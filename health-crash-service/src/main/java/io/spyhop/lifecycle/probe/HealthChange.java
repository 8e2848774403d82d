package io.spyhop.lifecycle.probe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A container's health changed. Immutable.
 *
 * @param lifeStartedAt of which life
 * @param at when the deciding probe was
 * @param failures in a row, for {@code UNHEALTHY}
 * @param reason of the last of them
 */
public record HealthChange(
        Instant lifeStartedAt,
        Kind kind,
        Instant at,
        @Nullable Integer failures,
        @Nullable String reason) {
    /** To what. */
    public enum Kind {
        UNHEALTHY,
        HEALTHY,
        /** Nobody asks any more, so nobody knows; nothing is told of it. */
        UNASKED
    }
}
