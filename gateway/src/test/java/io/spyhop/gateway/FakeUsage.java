package io.spyhop.gateway;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.ContainerCounters;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.TopBy;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.SomeInstance;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is used now, in memory; as a test says. It can be away. */
@ApplicationScoped
public class FakeUsage implements UsageApi {
    public static final Instant AT = Instant.parse("2026-11-22T03:04:05.123Z");

    private final Map<String, InstanceUsage> usages = new ConcurrentHashMap<>();
    private final Map<String, ContainerCounters> counters = new ConcurrentHashMap<>();
    private final List<List<WorkloadId>> asked = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    /** Figures in round numbers. */
    public static Usage usage(@Nullable Double cpu, double used, double limit, boolean limited, @Nullable Long rx) {
        return new Usage(
                AT, cpu, used, limit, limited, 100 * used / limit, rx, null, null, null, null, null, null, null, 3L);
    }

    public static InstanceUsage of(String workload, String org, String host, int index, Usage usage) {
        String container = workload + "-" + index;
        return new InstanceUsage(
                new WorkloadId(workload), org, host, container, container + "-name", index, "kernel", usage);
    }

    public void set(InstanceUsage usage) {
        usages.put(usage.containerId(), usage);
    }

    public void count(String container, String name, String image, String id, String org) {
        counters.put(
                container,
                new ContainerCounters(
                        SomeInstance.of(id, container).in(org, null).identity(),
                        "local",
                        container,
                        name,
                        image,
                        0,
                        AT,
                        AT.minusSeconds(60),
                        1_234_567_890L,
                        1_000_000_000L,
                        234_567_890L,
                        null,
                        null,
                        null,
                        10_485_760,
                        8_388_608,
                        2_097_152L,
                        6_291_456L,
                        0,
                        1L,
                        1000L,
                        10L,
                        0L,
                        0L,
                        2000L,
                        20L,
                        0L,
                        0L,
                        4096L,
                        null,
                        3L));
    }

    /** Forgets everything. */
    public void reset() {
        usages.clear();
        counters.clear();
        asked.clear();
        away = false;
    }

    public void setAway(boolean is) {
        away = is;
    }

    /** What was asked for, question by question. */
    public List<List<WorkloadId>> asked() {
        return asked;
    }

    @Override
    public Map<String, InstanceUsage> usages(List<WorkloadId> workloads) {
        asked.add(workloads);
        checkHere();
        return usages.values().stream()
                .filter(each -> workloads.contains(each.workload()))
                .collect(Collectors.toMap(InstanceUsage::containerId, Function.identity()));
    }

    @Override
    public Map<String, InstanceUsage> top(TopBy by, List<String> orgs, int limit) {
        checkHere();
        return usages.values().stream()
                .filter(each -> orgs.isEmpty() || orgs.contains(each.org()))
                .collect(Collectors.toMap(InstanceUsage::containerId, Function.identity()));
    }

    @Override
    public Map<String, ContainerCounters> counters(int partition) {
        checkHere();
        return counters.values().stream()
                .filter(each -> RecordKey.partitionOf(each.workload().id().value()) == partition)
                .collect(Collectors.toMap(ContainerCounters::containerId, Function.identity()));
    }

    private void checkHere() {
        if (away) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "metrics-service is away");
        }
    }
}
