package io.spyhop.gateway.stats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.WorkloadsApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all watchers share: each second one question for everything that is watched, none while nobody watches. Thread-safe.
 * While a service is away its watchers wait; a workload that metrics-service says nothing of is idle if nothing of it runs,
 * else it is waited for.
 */
final class StatsFeed {
    private static final Logger LOGGER = LoggerFactory.getLogger(StatsFeed.class);

    private final Supplier<UsageApi> usage;
    private final Supplier<WorkloadsApi> workloads;
    private final ObjectMapper json;
    private final ConcurrentMap<WorkloadId, Watched> watched = new ConcurrentHashMap<>();
    private boolean away;

    /** Who watches a workload, and what they were told last. */
    private static final class Watched {
        final Set<StatsReader> readers = ConcurrentHashMap.newKeySet();
        volatile @Nullable Frame latest;

        boolean isIdle() {
            Frame last = latest;
            return last != null && last.idle();
        }
    }

    StatsFeed(Supplier<UsageApi> usage, Supplier<WorkloadsApi> workloads, ObjectMapper json) {
        this.usage = usage;
        this.workloads = workloads;
        this.json = json;
    }

    /** Begins to tell a reader; what the others were told last it hears at once. */
    void join(StatsReader reader) {
        watched.compute(reader.workload(), (id, known) -> {
            Watched joined = known == null ? new Watched() : known;
            joined.readers.add(reader);
            Frame latest = joined.latest;
            if (latest != null) {
                reader.offer(latest);
            }
            return joined;
        });
    }

    void leave(StatsReader reader) {
        watched.computeIfPresent(reader.workload(), (id, known) -> {
            known.readers.remove(reader);
            return known.readers.isEmpty() ? null : known;
        });
    }

    /** Whether anybody watches anything. */
    boolean isWatched() {
        return !watched.isEmpty();
    }

    /** Gives every reader a sign of life. */
    void tick() {
        watched.values().forEach(each -> each.readers.forEach(StatsReader::tick));
    }

    /** Ends every reader. */
    void endAll() {
        watched.values().forEach(each -> each.readers.forEach(StatsReader::close));
    }

    /** Asks for everything that is watched and tells it. By one thread at a time. */
    void poll() {
        List<WorkloadId> all = List.copyOf(watched.keySet());
        try {
            for (int from = 0; from < all.size(); from += UsageApi.WORKLOADS_MAX) {
                tell(all.subList(from, Math.min(from + UsageApi.WORKLOADS_MAX, all.size())));
            }
            away = false;
        } catch (SpyhopException e) {
            if (e.code() != ErrorCode.DEPENDENCY_AWAY) {
                throw e;
            }
            if (!away) {
                LOGGER.atWarn().addKeyValue("reason", e.publicMessage()).log("Nobody tells what is used.");
            }
            away = true;
            watched.values().forEach(each -> each.latest = null);
        }
    }

    private void tell(List<WorkloadId> asked) {
        Map<WorkloadId, List<InstanceUsage>> usages = new HashMap<>();
        usage.get()
                .usages(asked)
                .values()
                .forEach(each -> usages.computeIfAbsent(each.workload(), id -> new ArrayList<>())
                        .add(each));
        for (WorkloadId id : asked) {
            List<InstanceUsage> known = usages.get(id);
            if (known != null) {
                tell(id, Frame.of(rendered(Stats.of(known))));
            }
        }
        for (WorkloadId id : asked) {
            Watched known = watched.get(id);
            if (known == null || usages.containsKey(id) || known.isIdle()) {
                continue;
            }
            if (runs(id)) {
                // What it used before would be taken for what it uses now.
                known.latest = null;
            } else {
                tell(id, Frame.IDLE);
            }
        }
    }

    private void tell(WorkloadId id, Frame frame) {
        watched.computeIfPresent(id, (same, known) -> {
            known.latest = frame;
            known.readers.forEach(reader -> reader.offer(frame));
            return known;
        });
    }

    private boolean runs(WorkloadId id) {
        try {
            return Stats.isOf(workloads.get().find(id));
        } catch (SpyhopException e) {
            if (e.code() == ErrorCode.WORKLOAD_UNKNOWN) {
                return false;
            }
            throw e;
        }
    }

    private byte[] rendered(Stats stats) {
        try {
            return json.writeValueAsBytes(stats);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("figures are plain data", e);
        }
    }
}
