package io.spyhop.lifecycle.watch;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a host's engine about one container at a time, and times the answers. Thread-safe. */
final class Inspections {
    private static final Logger LOGGER = LoggerFactory.getLogger(Inspections.class);

    /** Inspects of comparisons at once: enough to hide latency, few enough to spare the engine. */
    private static final int IN_TURN_MAX = 4;

    private final String host;
    private final ContainerEngine engine;
    private final WatchMetrics metrics;
    private final Runnable compareAgain;
    private final Semaphore turns = new Semaphore(IN_TURN_MAX);

    /**
     * Inspections of a host's containers.
     *
     * @param compareAgain is told when an event had to do without an answer
     */
    Inspections(String host, ContainerEngine engine, WatchMetrics metrics, Runnable compareAgain) {
        this.host = host;
        this.engine = engine;
        this.metrics = metrics;
        this.compareAgain = compareAgain;
    }

    /** For comparisons, which must neither flood the engine nor hold up events. Null where there is no such container. */
    @Nullable
    ContainerDetails inTurn(String id) throws InterruptedException {
        turns.acquire();
        try {
            return inspect(id);
        } finally {
            turns.release();
        }
    }

    /**
     * For events, whose evidence counts without the engine's answer too; the comparison adds what is missing. Null where
     * there is no such container, or no answer.
     */
    @Nullable
    ContainerDetails forEvent(String id) {
        try {
            return inspect(id);
        } catch (EngineException e) {
            LOGGER.atDebug()
                    .addKeyValue("host", host)
                    .addKeyValue("instance", id)
                    .setCause(e)
                    .log("Inspecting a container failed.");
            compareAgain.run();
            return null;
        }
    }

    /** A container whose start was told, as far as that is known without asking; null where it is not. */
    @Nullable
    ContainerDetails startRecord(String id, Instant toldAt) {
        return engine.startRecord(id, toldAt).orElse(null);
    }

    private @Nullable ContainerDetails inspect(String id) {
        long from = System.nanoTime();
        try {
            return engine.inspect(id).orElse(null);
        } finally {
            metrics.inspected(host, Duration.ofNanos(System.nanoTime() - from));
        }
    }
}
