package io.spyhop.gateway.stats;

import java.time.Duration;

/** The limits of live figures. */
final class StatsLimits {
    /** How often what is watched is asked for: as often as metrics-service measures what somebody asks for. */
    static final Duration EVERY = Duration.ofSeconds(1);

    private StatsLimits() {}
}
