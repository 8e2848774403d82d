package io.spyhop.logs.store;

import java.time.Duration;

/** Tells whether much comes, by how much came in the last full window of time. One thread adds, any may ask. */
final class Pace {
    /** Long enough to hold many bursts of a steady writer. */
    static final long WINDOW_NANOS = Duration.ofMillis(250).toNanos();

    private final long busyBytesPerSecond;
    private long windowBytes;
    private volatile long windowFrom;
    private volatile boolean busy;

    /** @param busyBytesPerSecond so much is much */
    Pace(long busyBytesPerSecond) {
        this.busyBytesPerSecond = busyBytesPerSecond;
    }

    /**
     * Something came.
     *
     * @param now by the nano clock
     */
    void add(long bytes, long now) {
        windowBytes += bytes;
        long nanos = now - windowFrom;
        if (nanos >= WINDOW_NANOS) {
            busy = windowBytes >= busyBytesPerSecond * (nanos / 1e9);
            windowFrom = now;
            windowBytes = 0;
        }
    }

    /** Whether much came lately: after a pause it did not. */
    boolean isBusy(long now) {
        return busy && now - windowFrom < 2 * WINDOW_NANOS;
    }
}
