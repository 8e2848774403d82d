package io.spyhop.embedded;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for another process. */
final class Awaiting {
    private static final long POLL_MILLIS = 10;

    private Awaiting() {}

    /** Whether the condition became true within the time. */
    static boolean until(BooleanSupplier condition, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }
}
