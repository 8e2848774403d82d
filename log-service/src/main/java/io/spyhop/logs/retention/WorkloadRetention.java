package io.spyhop.logs.retention;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesDeletion;
import io.spyhop.contracts.log.LogRetention;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.RetentionChange;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.setting.ByteSize;
import io.spyhop.logs.retention.ExpiryStore.Usage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells and sets how long a workload's lines are kept, and removes lines on request. Thread-safe. */
@ApplicationScoped
public class WorkloadRetention {
    private static final Logger LOGGER = LoggerFactory.getLogger(WorkloadRetention.class);

    private final RetentionStore rules;
    private final ExpiryStore store;
    private final RetentionConfig config;
    private final Remover remover;
    private final RetentionMetrics metrics;

    @Inject
    WorkloadRetention(
            RetentionStore rules,
            ExpiryStore store,
            RetentionConfig config,
            Remover remover,
            RetentionMetrics metrics) {
        this.rules = rules;
        this.store = store;
        this.config = config;
        this.remover = remover;
        this.metrics = metrics;
    }

    /** How long a workload's lines are kept, and what is stored of it. */
    public LogRetention tell(WorkloadId workload) throws SQLException {
        Rule rule = Rule.of(rules.rule(workload), config);
        Usage usage = store.usage(workload);
        Long oldestAt = usage.oldestAt();
        return new LogRetention(
                rule.output().value().toString(),
                rule.output().from(),
                rule.system().value().toString(),
                rule.system().from(),
                rule.maxBytes().value(),
                rule.maxBytes().from(),
                usage.storedBytes(),
                usage.rawBytes(),
                usage.lines(),
                oldestAt == null ? null : Instant.ofEpochSecond(0, oldestAt));
    }

    /**
     * Replaces what the API has set before.
     *
     * @throws SpyhopException where a value is not as it should be
     */
    public void set(WorkloadId workload, RetentionChange change) throws SQLException {
        rules.set(
                workload,
                checked("output", change.output(), Age::parse),
                checked("system", change.system(), Age::parse),
                checked("maxBytes", change.maxBytes(), ByteSize::check));
    }

    /**
     * Removes the oldest of the lines that are stored now, as many as go within {@link LogsApi#DELETE_MILLIS_MAX}; both
     * conditions hold for each.
     *
     * @param before only lines with a lower number
     * @param beforeNanos only lines before this time, nanoseconds since the epoch
     */
    public LinesDeletion remove(WorkloadId workload, long before, long beforeNanos) throws SQLException {
        long begin = System.nanoTime();
        long patience = TimeUnit.MILLISECONDS.toNanos(LogsApi.DELETE_MILLIS_MAX);
        // A writer that is quicker than the removal must not keep it from ending.
        long stored = store.lastLine(workload);
        Cut cut = new Cut(Math.min(before, stored + 1), beforeNanos, beforeNanos);
        Remover.Part part = remover.removeSome(workload, cut, () -> System.nanoTime() - begin >= patience);
        Removed removed = part.removed();
        metrics.removed(RetentionMetrics.Reason.REQUEST, removed);
        LOGGER.atInfo()
                .addKeyValue("workload", workload)
                .addKeyValue("count", removed.lines())
                .log("Lines were removed on request.");
        return new LinesDeletion(removed.lines(), part.more());
    }

    private static <T, R> @Nullable R checked(String name, @Nullable T value, Function<T, R> check) {
        try {
            return value == null ? null : check.apply(value);
        } catch (IllegalArgumentException e) {
            throw SpyhopException.parameter(name, String.valueOf(e.getMessage()));
        }
    }
}
