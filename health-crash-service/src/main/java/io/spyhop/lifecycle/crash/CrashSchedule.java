package io.spyhop.lifecycle.crash;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes evidence that nobody wants. A failure is mended by the next time. */
@ApplicationScoped
class CrashSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(CrashSchedule.class);

    private final CrashStore store;

    @Inject
    CrashSchedule(CrashStore store) {
        this.store = store;
    }

    @Scheduled(every = "5m", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    void forgetEvidence() {
        try {
            store.forgetEvidence(Instant.now().minus(CrashLimits.EVIDENCE_KEPT));
        } catch (SQLException e) {
            LOGGER.atDebug().setCause(e).log("Old evidence cannot be removed.");
        }
    }
}
