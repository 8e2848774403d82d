package io.spyhop.logs.compaction;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.capture.CaptureShare;
import io.spyhop.logs.store.StoreLoop;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the workloads of this replica's partitions, those without containers too, every few seconds. On a platform
 * thread: it computes. A failure is mended by the next time.
 */
@ApplicationScoped
class CompactionSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(CompactionSchedule.class);
    private static final int BEFORE_THE_SHARE = Interceptor.Priority.APPLICATION - 100;

    private final Compactor compactor;
    private final CaptureShare share;
    private final StoreLoop store;
    private long notBefore = System.nanoTime();
    private long ranAt = System.nanoTime();

    @Inject
    CompactionSchedule(Compactor compactor, CaptureShare share, StoreLoop store) {
        this.compactor = compactor;
        this.share = share;
        this.store = store;
    }

    @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    void run() throws InterruptedException {
        Set<Integer> partitions = share.partitions();
        if (partitions.isEmpty() || System.nanoTime() - notBefore < 0) {
            return;
        }
        long begun = System.nanoTime();
        if (store.hurries() && begun - ranAt < LogLimits.COMPACTION_YIELD.toNanos()) {
            return;
        }
        ranAt = begun;
        try {
            if (compactor.run(partitions) == 0) {
                // Where merely looking takes long, it is done less often.
                notBefore = System.nanoTime() + (System.nanoTime() - begun) * LogLimits.COMPACTION_REST_FACTOR;
            }
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Chunks were not compacted.");
        }
    }

    void stop(@Observes @Priority(BEFORE_THE_SHARE) ShutdownEvent event) {
        compactor.stop();
    }
}
