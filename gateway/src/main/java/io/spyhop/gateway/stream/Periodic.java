package io.spyhop.gateway.stream;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks of streams that come again and again, until the process ends. They may block: each runs beside the event loops. */
public final class Periodic {
    private static final Logger LOGGER = LoggerFactory.getLogger(Periodic.class);

    private Periodic() {}

    /**
     * Runs a task each period, one run at a time: what is slow is left out when it is due again.
     *
     * @param needed whether there is anything to do; asked on an event loop, for a thread that finds nothing costs as much as one
     *     that works, and most of the time nobody looks
     */
    public static void run(Vertx vertx, Duration period, String name, BooleanSupplier needed, Runnable task) {
        AtomicBoolean running = new AtomicBoolean();
        vertx.setPeriodic(period.toMillis(), timer -> {
            if (needed.getAsBoolean() && running.compareAndSet(false, true)) {
                Thread.ofVirtual().name(name).start(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Open streams were not looked after.");
                    } finally {
                        running.set(false);
                    }
                });
            }
        });
    }
}
