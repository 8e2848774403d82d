package io.spyhop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What every part of a benchmark works with.
 *
 * @param checkout the folder that {@code ./spyhop} lies in
 */
record Bench(Path checkout, Rounds rounds, Figures figures, Containers containers) {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(20);

    /** One line of an access log that is like the next, with its number in it; for {@code awk}. */
    static final String ACCESS_LINE = "\"10.0.%d.%d - - GET /api/v1/orders/%07d?page=%d HTTP/1.1 200 %d"
            + " \\\"Mozilla/5.0 (X11; Linux x86_64)\\\" rt=0.%03d\\n\", i % 256, i % 199, i, i % 17, 200 + i % 5000, i % 1000";

    /** Something that is measured. */
    interface Part {
        void measure(Bench bench) throws IOException, InterruptedException;
    }

    /** Tells whoever waits what is going on. */
    @SuppressWarnings("SystemOut")
    static void say(String text) {
        System.err.println(text);
    }

    /** Whether something is so by now. */
    interface Condition<T> {
        Optional<T> get() throws IOException, InterruptedException;
    }

    /** Looks every 10 ms until there is an answer. */
    static <T> T await(String what, Condition<T> condition) throws IOException, InterruptedException {
        return await(what, condition, POLL_NANOS);
    }

    /** Looks every millisecond: what is waited for is measured. */
    static <T> T awaitQuickly(String what, Condition<T> condition) throws IOException, InterruptedException {
        return await(what, condition, TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static <T> T await(String what, Condition<T> condition, long pollNanos)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TIMEOUT_NANOS) {
            Optional<T> answer = condition.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            LockSupport.parkNanos(pollNanos);
        }
        throw new IOException(what + ": not within " + TimeUnit.NANOSECONDS.toMinutes(TIMEOUT_NANOS) + " minutes");
    }

    static String awaitWorkload(Product product, String container) throws IOException, InterruptedException {
        return await("the workload of " + container, () -> product.workload(container));
    }

    static void rest(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
