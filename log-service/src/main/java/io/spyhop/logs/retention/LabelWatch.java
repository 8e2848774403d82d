package io.spyhop.logs.retention;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.setting.ByteSize;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.number.EpochNanos;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what the labels of each workload's newest container say, for as long as there are lines: the container may be
 * long gone. A label that cannot be read counts as none, and is told once. Thread-safe.
 */
@ApplicationScoped
class LabelWatch {
    static final String RETENTION = "spyhop.logs.retention";
    static final String MAX_BYTES = "spyhop.logs.max-bytes";

    private static final Logger LOGGER = LoggerFactory.getLogger(LabelWatch.class);

    private final RetentionStore store;
    private Map<WorkloadId, Labels> unstored = new HashMap<>();
    /** When each workload's newest container was created. */
    private final Map<WorkloadId, Long> newest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<WorkloadId, Long> eldest) {
            return size() > LogLimits.LABELLED_MAX;
        }
    };

    @Inject
    LabelWatch(RetentionStore store) {
        this.store = store;
    }

    /** An instance appeared or changed; its labels never do. Does not block. */
    synchronized void seen(@Observes InstanceState instance) {
        WorkloadId workload = instance.workload().id();
        long createdAt = EpochNanos.of(instance.createdAt());
        Long known = newest.get(workload);
        if (known == null || known < createdAt) {
            newest.put(workload, createdAt);
            boolean kept = instance.workload().kind() == Kind.JOB_RUN;
            unstored.put(
                    workload,
                    new Labels(
                            kept,
                            read(instance, RETENTION, Age::parse),
                            read(instance, MAX_BYTES, ByteSize::parse),
                            createdAt));
        }
    }

    /** Stores what was seen. A failure is mended by the next time. */
    @Scheduled(every = "2s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void store() {
        Map<WorkloadId, Labels> seen = take();
        try {
            for (var each : Map.copyOf(seen).entrySet()) {
                store.label(each.getKey(), each.getValue());
                seen.remove(each.getKey());
            }
        } catch (SQLException e) {
            putBack(seen);
            LOGGER.atDebug().setCause(e).log("Labels could not be stored.");
        }
    }

    private synchronized Map<WorkloadId, Labels> take() {
        Map<WorkloadId, Labels> seen = unstored;
        unstored = new HashMap<>();
        return seen;
    }

    private synchronized void putBack(Map<WorkloadId, Labels> seen) {
        seen.forEach(unstored::putIfAbsent);
    }

    private static <T> @Nullable T read(InstanceState instance, String label, Function<String, T> parse) {
        String text = instance.labels().get(label);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            LOGGER.atWarn()
                    .addKeyValue("workload", instance.workload().id())
                    .addKeyValue("instance", instance.containerName())
                    .addKeyValue("reason", label + ": " + e.getMessage())
                    .log("A label cannot be read and counts as none.");
            return null;
        }
    }
}
