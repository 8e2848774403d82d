package io.spyhop.logs.capture;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.logs.LogConnections;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.store.CaptureStore;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores how this replica reads the logs of each host: soon after it changed, and often enough to stay fresh. A failure is
 * mended by the next time.
 */
@ApplicationScoped
class CaptureSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(CaptureSchedule.class);
    private static final int BEFORE_THE_SHARE = Interceptor.Priority.APPLICATION - 100;

    private final CaptureShare share;
    private final CaptureStore store;
    private final String replica;
    private @Nullable Map<String, CaptureWays> stored;
    private long storedAt;
    private boolean stopped;

    @Inject
    CaptureSchedule(CaptureShare share, CaptureStore store, LogConnections connections) {
        this.share = share;
        this.store = store;
        this.replica = connections.kafka().replica();
    }

    @Scheduled(every = "2s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void store() {
        store(share.ways());
    }

    /** Whoever takes over counts from now on. */
    synchronized void stop(@Observes @Priority(BEFORE_THE_SHARE) ShutdownEvent event) {
        store(Map.of());
        stopped = true;
    }

    private synchronized void store(Map<String, CaptureWays> ways) {
        boolean fresh = System.nanoTime() - storedAt < LogLimits.CAPTURE_STORED_EACH.toNanos();
        if (stopped || (fresh && ways.equals(stored))) {
            return;
        }
        try {
            store.store(replica, ways);
            stored = ways;
            storedAt = System.nanoTime();
        } catch (SQLException e) {
            LOGGER.atDebug().setCause(e).log("How logs are read could not be stored.");
        }
    }
}
