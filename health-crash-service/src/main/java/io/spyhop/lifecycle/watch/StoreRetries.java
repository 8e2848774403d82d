package io.spyhop.lifecycle.watch;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what broker or database did not take, until they do or the watch ends, with one warning an outage.
 * Thread-safe.
 */
final class StoreRetries implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoreRetries.class);
    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

    /** About two minutes: longer outages are left to the comparison that follows them. */
    private static final int RETRIES_MAX = 120;

    /** Catalogue calls at once: they leave connections of the pool of 8 for requests. */
    private static final int CATALOGUE_CALLS_MAX = 6;

    private final String host;
    private final Semaphore catalogueCalls = new Semaphore(CATALOGUE_CALLS_MAX);
    private final AtomicBoolean away = new AtomicBoolean();
    private volatile boolean closed;

    StoreRetries(String host) {
        this.host = host;
    }

    /** Until it succeeds or the watch ends. */
    <T> T insistently(Callable<T> step) throws Exception {
        return repeatedly(step, Integer.MAX_VALUE);
    }

    /** For a while: a step that can never succeed must not stop its lane for ever. */
    <T> T patiently(Callable<T> step) throws Exception {
        return repeatedly(step, RETRIES_MAX);
    }

    /** Asks the catalogue, patiently. */
    <T> T catalogue(Callable<T> call) throws Exception {
        return patiently(() -> {
            catalogueCalls.acquire();
            try {
                return call.call();
            } finally {
                catalogueCalls.release();
            }
        });
    }

    /** Nothing is repeated any more. */
    @Override
    public void close() {
        closed = true;
    }

    private <T> T repeatedly(Callable<T> step, int retriesMax) throws Exception {
        Duration pause = PAUSE_FIRST;
        for (int retry = 0; ; retry++) {
            try {
                T result = step.call();
                if (away.getAndSet(false)) {
                    LOGGER.atInfo().addKeyValue("host", host).log("Broker and database take records again.");
                }
                return result;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (closed || retry == retriesMax) {
                    throw e;
                }
                if (!away.getAndSet(true)) {
                    LOGGER.atWarn()
                            .addKeyValue("host", host)
                            .addKeyValue("error", e.toString())
                            .log("Broker or database does not take a record, trying again.");
                }
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        }
    }
}
