package io.spyhop.lifecycle.crash;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes dead containers, and evidence that nobody wants. A failure is mended by the next time. */
@ApplicationScoped
class CrashSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(CrashSchedule.class);

    private final CrashStore store;
    private final CrashReader reader;
    private final CrashConfig config;
    private final Instance<ManagedContainers> managed;

    @Inject
    CrashSchedule(CrashStore store, CrashReader reader, CrashConfig config, Instance<ManagedContainers> managed) {
        this.store = store;
        this.reader = reader;
        this.config = config;
        this.managed = managed;
    }

    @Scheduled(every = "3s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    void removeDead() {
        if (config.keepCrashedContainers() || !managed.isResolvable()) {
            return;
        }
        try {
            new DeadContainers(managed.get(), reader::complete).remove(reader.deadManaged(), Instant.now());
        } catch (SQLException e) {
            LOGGER.atDebug().setCause(e).log("Dead containers cannot be looked for.");
        }
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
