package io.spyhop.logs.number;

import io.spyhop.logs.LogLimits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as nanoseconds since the epoch, good until the year 2262. */
public final class EpochNanos {
    public static final long PER_SECOND = 1_000_000_000L;

    private static final long PER_MILLI = 1_000_000L;

    private EpochNanos() {}

    /** An instant in nanoseconds. */
    public static long of(Instant instant) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    }

    /** Whether a line of this time is history that is being picked up: it is as old as {@link LogLimits#LATE}. */
    public static boolean isLate(long atNanos) {
        return atNanos < System.currentTimeMillis() * PER_MILLI - LogLimits.LATE.toNanos();
    }
}
