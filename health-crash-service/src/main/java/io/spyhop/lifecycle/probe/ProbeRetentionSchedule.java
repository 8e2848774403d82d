package io.spyhop.lifecycle.probe;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes old probes, hourly, at every replica: it is little, and the same rows. A failure is mended by the next time. */
@ApplicationScoped
class ProbeRetentionSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProbeRetentionSchedule.class);

    /** Changes are few and tell more. */
    private static final int CHANGES_FACTOR = 10;

    private final ProbeStore store;
    private final Duration retention;

    @Inject
    ProbeRetentionSchedule(ProbeStore store, HealthConfig config) {
        this.store = store;
        this.retention = config.retention();
    }

    @Scheduled(every = "1h", delayed = "2m", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void run() {
        try {
            boolean more = true;
            while (more) {
                more = store.remove(Instant.now(), retention, retention.multipliedBy(CHANGES_FACTOR));
            }
        } catch (SQLException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Old probes were not removed.");
        }
    }
}
