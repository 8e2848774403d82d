package io.spyhop.messaging;

import java.time.Duration;

/** How long to pause after each of several failures in a row. Not thread-safe. */
final class Backoff {
    private Duration next = Limits.RETRY_MIN;

    /** The pause now; the one after it is twice as long, up to {@link Limits#RETRY_MAX}. */
    Duration next() {
        Duration pause = next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(Limits.RETRY_MAX) > 0 ? Limits.RETRY_MAX : doubled;
        return pause;
    }

    /** Something worked: begin anew. */
    void reset() {
        next = Limits.RETRY_MIN;
    }
}
