package io.spyhop.signals;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one thing again and again, on a virtual thread of its own: whenever it was woken since the last round began, and when the
 * time that the last round gave is over. After a round that failed the next one comes soon. Thread-safe.
 */
public final class Rounds {
    private static final Logger LOGGER = LoggerFactory.getLogger(Rounds.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Round round;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;

    /** What is done. */
    @FunctionalInterface
    public interface Round {
        /** After how long it is done again at the latest. */
        Duration run() throws Exception;
    }

    /** Prepares; nothing is done before {@link #start}. */
    public Rounds(String name, Round round) {
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** There is something to do. */
    public void wake() {
        wake.release();
    }

    /** Interrupts the round, and waits for its end. */
    public void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }

    private void run() {
        try {
            while (!stopped) {
                wake.drainPermits();
                Duration pause = next();
                if (!stopped) {
                    var _ = wake.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration next() throws InterruptedException {
        try {
            return round.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            // The database's driver asserts that a connection does not break while it sends a batch. As a rule the
            // database or the broker is away, and others say so.
            LOGGER.atDebug().setCause(e).log("Something has to wait.");
            return RETRY;
        }
    }
}
