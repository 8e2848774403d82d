package io.spyhop.gateway.audit;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes audit rows that are too old. Several gateways may do so at once: each takes other rows. */
@ApplicationScoped
class AuditRetentionSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditRetentionSchedule.class);

    private final AuditStore store;
    private final AuditConfig config;

    @Inject
    AuditRetentionSchedule(AuditStore store, AuditConfig config) {
        this.store = store;
        this.config = config;
    }

    /** Also shortly after a start, for a machine that is off at night. */
    @Scheduled(every = "1h", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void run() {
        try {
            removeBefore(Instant.now().minus(config.retention()));
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Old audit rows were not removed.");
        }
    }

    /** Removes what is from before a time, a batch at a time; how many rows it were. */
    long removeBefore(Instant time) throws SQLException {
        long removed = 0;
        int batch;
        do {
            batch = store.deleteBefore(time, AuditLimits.DELETE_BATCH);
            removed += batch;
        } while (batch == AuditLimits.DELETE_BATCH);
        return removed;
    }
}
