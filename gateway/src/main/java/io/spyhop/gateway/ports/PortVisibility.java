package io.spyhop.gateway.ports;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Together;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may open a port: what was set for it counts, else its container's label, else it is private. What was set is remembered
 * for some seconds; while the database is away the last that is known holds, and what is not known is private. Thread-safe;
 * blocks on the database.
 */
@ApplicationScoped
public class PortVisibility {
    /** Only who may see its workload. */
    public static final String PRIVATE = "private";

    /** Everybody who reaches Spyhop. */
    public static final String PUBLIC = "public";

    /** Another gateway learns that late of a port that was closed again. */
    private static final Duration KNOWN = Duration.ofSeconds(3);

    /** Beyond so many workloads all are asked for anew. */
    private static final int WORKLOADS_MAX = 4096;

    private static final Logger LOGGER = LoggerFactory.getLogger(PortVisibility.class);

    private final PortVisibilityStore store;
    private final ConcurrentMap<WorkloadId, Known> known = new ConcurrentHashMap<>();
    private final Together<WorkloadId, Known> together = new Together<>();

    @Inject
    PortVisibility(PortVisibilityStore store) {
        this.store = store;
    }

    /** What was set for a workload's ports, and when that was asked for. */
    private record Known(Map<Integer, String> set, long at) {
        boolean isFresh() {
            return System.nanoTime() - at < KNOWN.toNanos();
        }
    }

    /** Of one port of an instance. */
    public String of(ListeningPorts instance, int port) {
        Known last = known.get(instance.workload());
        if (last == null || !last.isFresh()) {
            last = asked(instance.workload(), last);
        }
        return last == null ? PRIVATE : of(instance, port, last);
    }

    /** The same where it was asked for lately, else null. Never blocks. */
    public @Nullable String known(ListeningPorts instance, int port) {
        Known last = known.get(instance.workload());
        return last == null || !last.isFresh() ? null : of(instance, port, last);
    }

    private static String of(ListeningPorts instance, int port, Known known) {
        String labelled = PUBLIC.equals(instance.visibility()) ? PUBLIC : PRIVATE;
        return known.set().getOrDefault(port, labelled);
    }

    /** Sets it for a port of all instances of a workload. */
    void set(WorkloadId workload, int port, String visibility) {
        store.put(workload, port, visibility, Instant.now());
        known.remove(workload);
    }

    private @Nullable Known asked(WorkloadId workload, @Nullable Known last) {
        try {
            Known fresh = together.ask(workload, () -> {
                // Before the question: what is set meanwhile is asked for again.
                long at = System.nanoTime();
                return new Known(store.of(workload), at);
            });
            if (known.size() >= WORKLOADS_MAX) {
                known.clear();
            }
            known.put(workload, fresh);
            return fresh;
        } catch (SpyhopException e) {
            LOGGER.atDebug().addKeyValue("reason", e.toString()).log("Who may open ports is not known now.");
            return last;
        }
    }
}
