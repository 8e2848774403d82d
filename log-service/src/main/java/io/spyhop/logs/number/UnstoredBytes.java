package io.spyhop.logs.number;

import io.spyhop.logs.LogLimits;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what all workloads of this process have numbered and not stored. Thread-safe. */
public final class UnstoredBytes {
    private final AtomicLong total = new AtomicLong();

    void add(long bytes) {
        total.addAndGet(bytes);
    }

    /** How much it is now. */
    public long total() {
        return total.get();
    }

    /**
     * Whether a workload must wait for the store. One that has less than a batch never waits for the others: its own
     * next commit is what would wake it.
     */
    boolean full(long ofWorkload) {
        return ofWorkload >= LogLimits.WORKLOAD_UNSTORED_BYTES
                || (ofWorkload >= LogLimits.BATCH_RAW_BYTES && total.get() >= LogLimits.TOTAL_UNSTORED_BYTES);
    }
}
