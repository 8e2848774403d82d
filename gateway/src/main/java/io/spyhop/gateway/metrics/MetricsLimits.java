package io.spyhop.gateway.metrics;

import java.time.Duration;

/** The limits of stored figures. */
final class MetricsLimits {
    /** How far back it looks where nothing is said: as long as samples are kept as they are. */
    static final Duration SINCE = Duration.ofDays(3);

    /** Samples of a page where nothing is said. */
    static final int SAMPLES = 100;

    /** The greediest where nothing is said. */
    static final int TOP = 10;

    private MetricsLimits() {}
}
