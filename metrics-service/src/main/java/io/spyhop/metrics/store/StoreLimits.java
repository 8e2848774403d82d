package io.spyhop.metrics.store;

import java.time.Duration;

/** Every limit of storing, with its reason. */
final class StoreLimits {
    /** The longest interval of samples: seconds of a bucket must hold it. */
    static final int INTERVAL_SECONDS_MAX = 3600;

    /** Ids and names that are longer are of nobody who keeps to their rules. */
    static final int TEXT_MAX = 300;

    /** A sample from later than so much after now is of a clock that is wrong. */
    static final Duration FUTURE_MAX = Duration.ofHours(1);

    /** Containers whose rows are remembered. */
    static final int INSTANCES_MAX = 20_000;

    /** So long after its end a bucket is rolled up: samples are mostly here within a second or two. */
    static final Duration SETTLED = Duration.ofSeconds(30);

    /**
     * The most that is rolled up in one transaction: whoever stores samples waits for it. 150 000 samples where 10 000 come a
     * minute.
     */
    static final Duration ROLL_UP_STEP = Duration.ofMinutes(15);

    /** Late buckets that are rolled up anew in one transaction. */
    static final int LATE_MAX = 2000;

    /** How often partitions and ages are looked at. */
    static final Duration RETENTION_EACH = Duration.ofMinutes(10);

    /** A clock that went so much more or less than time did was set; some seconds are a busy machine's. */
    static final Duration CLOCK_STEP = Duration.ofMinutes(1);

    /** How long a clock that was set is not believed: one that is wrong is mostly set right soon. */
    static final Duration CLOCK_DOUBT = Duration.ofHours(1);

    private StoreLimits() {}
}
