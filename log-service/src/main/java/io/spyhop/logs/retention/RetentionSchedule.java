package io.spyhop.logs.retention;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.capture.CaptureShare;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks which of this replica's partitions have not been looked through for old lines for an hour, or not since they are its
 * own; and each minute whether a fast writer has exceeded a budget. On a platform thread: it computes. A failure is mended by
 * the next time.
 */
@ApplicationScoped
class RetentionSchedule {
    private static final Logger LOGGER = LoggerFactory.getLogger(RetentionSchedule.class);
    private static final int BEFORE_THE_SHARE = Interceptor.Priority.APPLICATION - 100;

    private final Ageing ageing;
    private final Budgets budgets;
    private final CaptureShare share;
    private final Map<Integer, Long> looked = new HashMap<>();
    private long checked = System.nanoTime() - LogLimits.BUDGETS_EACH.toNanos();
    private volatile boolean stopped;

    @Inject
    RetentionSchedule(Ageing ageing, Budgets budgets, CaptureShare share) {
        this.ageing = ageing;
        this.budgets = budgets;
        this.share = share;
    }

    @Scheduled(every = "10s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    void run() {
        Set<Integer> partitions = share.partitions();
        if (stopped || partitions.isEmpty()) {
            return;
        }
        try {
            age(partitions);
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Old lines were not removed.");
        }
        try {
            if (System.nanoTime() - checked >= LogLimits.BUDGETS_EACH.toNanos()) {
                budgets.check(partitions);
                checked = System.nanoTime();
            }
        } catch (SQLException | RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Lines over a budget were not removed.");
        }
    }

    private void age(Set<Integer> partitions) throws SQLException {
        looked.keySet().retainAll(partitions);
        long now = System.nanoTime();
        Set<Integer> due = new TreeSet<>(partitions);
        due.removeIf(partition -> {
            Long before = looked.get(partition);
            return before != null && now - before < LogLimits.RETENTION_EACH.toNanos();
        });
        if (!due.isEmpty()) {
            ageing.run(due, Instant.now());
            due.forEach(partition -> looked.put(partition, now));
        }
    }

    void stop(@Observes @Priority(BEFORE_THE_SHARE) ShutdownEvent event) {
        stopped = true;
        ageing.stop();
    }
}
