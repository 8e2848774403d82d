package io.spyhop.logs.number;

import java.time.Instant;

/** Times as nanoseconds since the epoch, good until the year 2262. */
public final class EpochNanos {
    static final long PER_SECOND = 1_000_000_000L;

    private EpochNanos() {}

    /** An instant in nanoseconds. */
    public static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano());
    }
}
