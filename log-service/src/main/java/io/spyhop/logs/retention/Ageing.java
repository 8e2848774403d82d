package io.spyhop.logs.retention;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the lines that are past their age, workload by workload, also of those without containers. Thread-safe. */
@ApplicationScoped
class Ageing {
    private static final Logger LOGGER = LoggerFactory.getLogger(Ageing.class);

    /** Where more workloads fail than this, it is the database that does. */
    private static final int FAILURES_MAX = 3;

    private final RetentionStore rules;
    private final RetentionConfig config;
    private final Remover remover;
    private final RetentionMetrics metrics;
    private volatile boolean stopped;
    private int failures;

    @Inject
    Ageing(RetentionStore rules, RetentionConfig config, Remover remover, RetentionMetrics metrics) {
        this.rules = rules;
        this.config = config;
        this.remover = remover;
        this.metrics = metrics;
    }

    /** Removes what is past its age in workloads of these partitions. */
    Removed run(Set<Integer> partitions, Instant now) throws SQLException {
        failures = 0;
        Removed removed = Removed.NOTHING;
        String id = "";
        Map<WorkloadId, StoredRule> page = rules.rulesAfter(id);
        while (!page.isEmpty()) {
            for (Map.Entry<WorkloadId, StoredRule> each : page.entrySet()) {
                WorkloadId workload = each.getKey();
                id = workload.value();
                if (stopped) {
                    return removed;
                }
                if (partitions.contains(RecordKey.partitionOf(id))) {
                    removed = removed.plus(age(workload, Cut.byAge(Rule.of(each.getValue(), config), now)));
                }
            }
            page = rules.rulesAfter(id);
        }
        if (removed.lines() > 0) {
            metrics.removed(RetentionMetrics.Reason.AGE, removed);
            LOGGER.atInfo()
                    .addKeyValue("count", removed.lines())
                    .addKeyValue("bytes", removed.bytes())
                    .log("Lines past their age were removed.");
        }
        return removed;
    }

    /** Ends what runs at the next opportunity. */
    void stop() {
        stopped = true;
    }

    private Removed age(WorkloadId workload, Cut cut) throws SQLException {
        try {
            return remover.remove(workload, cut);
        } catch (SQLException | RuntimeException e) {
            // The others go on, unless nothing goes.
            failures++;
            if (failures > FAILURES_MAX) {
                throw e;
            }
            LOGGER.atError().addKeyValue("workload", workload).setCause(e).log("Old lines cannot be removed.");
            return Removed.NOTHING;
        }
    }
}
