package io.spyhop.gateway.stream;

import java.time.Duration;

/** The limits of streams. */
final class StreamLimits {
    /**
     * The newest batches of all workloads that are followed, in rendered bytes: some seconds of the busiest container, so that
     * a pause of a client or of this process sends nobody to the store. In memory they are compressed as a rule.
     */
    static final int RECENT_BYTES_MAX = 16 * 1024 * 1024;

    /** So many subscribers of a workload do not come to a batch before the next collections of the heap. */
    static final int MANY = 8;

    /** Batches that are older are in the store for whoever still wants them. */
    static final Duration RECENT_AGE_MAX = Duration.ofSeconds(5);

    /** What waits for one subscriber of an app stream; beyond it lines are dropped, and it is told. */
    static final int APP_QUEUE_LINES_MAX = 256;

    /** One write: small enough that a slow client is noticed early, large enough that writes cost nothing. */
    static final int SLICE_BYTES_MAX = 64 * 1024;

    /** What may be on its way to one client, so that a client that does not read holds little memory. */
    static final int WINDOW_BYTES_MAX = 4 * SLICE_BYTES_MAX;

    /** Lines asked of the store at once: a page is held in memory while its client reads it. */
    static final int CATCH_UP_LINES = 1000;

    /** What a filtered tail may hold in memory until its beginning is found; a longer one begins later. */
    static final int TAIL_BYTES_MAX = 8 * 1024 * 1024;

    /** Subscribers of this process. */
    static final int SUBSCRIBERS_MAX = 10_000;

    /** Subscribers with one token. */
    static final int SUBSCRIBERS_TOKEN_MAX = 200;

    /** How soon a token or session that ended elsewhere ends its streams here. */
    static final Duration ACCESS_CHECK = Duration.ofSeconds(3);

    /**
     * How soon a line that did not come by the topic (of a lost last batch, or of a time without a broker) is missed; a
     * reader has it after the second look. One request for all streams, answered from an index.
     */
    static final Duration STORE_CHECK = Duration.ofSeconds(2);

    /** How long a new reader waits for the live end of the topic; the store serves it while the broker is away. */
    static final Duration READY_WAIT = Duration.ofSeconds(2);

    /** First and longest pause while the store is away. */
    static final Duration BACKOFF_MIN = Duration.ofMillis(200);

    static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private StreamLimits() {}
}
