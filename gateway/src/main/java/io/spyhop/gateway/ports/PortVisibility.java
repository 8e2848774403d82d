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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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

    private final AtomicLong changes = new AtomicLong();
    private final LongSupplier nanos;

    @Inject
    PortVisibility(PortVisibilityStore store) {
        this(store, System::nanoTime);
    }

    PortVisibility(PortVisibilityStore store, LongSupplier nanos) {
        this.store = store;
        this.nanos = nanos;
    }

    /** What was set for a workload's ports, when that was asked for, and whether it is asked for anew. */
    private record Known(Map<Integer, String> set, long at, AtomicBoolean renewed) {
        boolean isFresh(long now) {
            return now - at < KNOWN.toNanos();
        }

        /** Whether to ask anew, so that nobody has to wait for the answer: true once. */
        boolean isDue(long now) {
            return now - at > KNOWN.toNanos() / 2 && renewed.compareAndSet(false, true);
        }
    }

    /** Of one port of an instance. */
    public String of(ListeningPorts instance, int port) {
        Known last = known.get(instance.workload());
        if (last == null || !last.isFresh(nanos.getAsLong())) {
            last = asked(instance.workload(), last);
        }
        return last == null ? PRIVATE : of(instance, port, last);
    }

    /** The same where it was asked for lately, else null; what is in use is asked for anew ahead of time. Never blocks. */
    public @Nullable String known(ListeningPorts instance, int port) {
        Known last = known.get(instance.workload());
        long now = nanos.getAsLong();
        if (last == null || !last.isFresh(now)) {
            return null;
        }
        if (last.isDue(now)) {
            Thread.ofVirtual().name("spyhop-port").start(() -> asked(instance.workload(), last));
        }
        return of(instance, port, last);
    }

    private static String of(ListeningPorts instance, int port, Known known) {
        String labelled = PUBLIC.equals(instance.visibility()) ? PUBLIC : PRIVATE;
        return known.set().getOrDefault(port, labelled);
    }

    /** Sets it for a port of all instances of a workload. */
    void set(WorkloadId workload, int port, String visibility) {
        store.put(workload, port, visibility, Instant.now());
        changes.incrementAndGet();
        known.remove(workload);
    }

    private @Nullable Known asked(WorkloadId workload, @Nullable Known last) {
        long before = changes.get();
        try {
            Known fresh = together.ask(workload, () -> {
                // Before the question: what is set meanwhile is asked for again.
                long at = nanos.getAsLong();
                return new Known(store.of(workload), at, new AtomicBoolean());
            });
            if (known.size() >= WORKLOADS_MAX) {
                known.clear();
            }
            // What was asked before something was set must not come back after it, also where that happens in this
            // moment.
            known.compute(workload, (same, now) -> changes.get() == before ? fresh : null);
            return fresh;
        } catch (SpyhopException e) {
            LOGGER.atDebug().addKeyValue("reason", e.toString()).log("Who may open ports is not known now.");
            return last;
        }
    }
}
