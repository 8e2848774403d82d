package io.spyhop.gateway.events;

import java.time.Duration;

/** The limits of event streams. */
final class EventLimits {
    /** Events that wait for one client; beyond it they are read from the topic when the client has room. */
    static final int QUEUE_MAX = 256;

    /** Records of one page of the topic's past: what a reader holds in memory while its client reads. */
    static final int PAGE_RECORDS = 500;

    /** First and longest pause while no broker answers. */
    static final Duration BACKOFF_MIN = Duration.ofMillis(200);

    static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private EventLimits() {}
}
