package io.spyhop.metrics.sample;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.ContainerCounters;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.TopBy;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.topic.RecordKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Tells what the containers of this replica's share use now. Thread-safe. */
@ApplicationScoped
public class UsageReader {
    private final Sampler sampler;

    @Inject
    UsageReader(SampleShare share) {
        this(share.sampler());
    }

    UsageReader(Sampler sampler) {
        this.sampler = sampler;
    }

    /** What these workloads' running instances use, fresh; those that could not be read in time are missing. */
    public Map<String, InstanceUsage> usages(List<WorkloadId> workloads) throws InterruptedException {
        List<Meter> meters = workloads.stream()
                .distinct()
                .flatMap(workload -> sampler.meters(workload).stream())
                .toList();
        refresh(meters);
        Map<String, InstanceUsage> usages = new HashMap<>();
        for (Meter meter : meters) {
            InstanceUsage usage = meter.usage();
            if (usage != null && meter.age().compareTo(Duration.ofMillis(UsageApi.FRESH_MILLIS)) <= 0) {
                usages.put(usage.containerId(), usage);
            }
        }
        return usages;
    }

    /** The greediest, as of their newest readings. */
    public Map<String, InstanceUsage> top(TopBy by, List<String> orgs, int limit) {
        Comparator<InstanceUsage> order = Comparator.comparingDouble(usage -> switch (by) {
            case CPU -> Objects.requireNonNullElse(usage.usage().cpuPct(), -1.0);
            case MEMORY -> usage.usage().memUsedMb();
        });
        Map<String, InstanceUsage> top = new LinkedHashMap<>();
        sampler.meters().stream()
                .filter(meter ->
                        orgs.isEmpty() || orgs.contains(meter.state().workload().org()))
                .map(Meter::usage)
                .filter(Objects::nonNull)
                .sorted(order.reversed())
                .limit(limit)
                .forEach(usage -> top.put(usage.containerId(), usage));
        return top;
    }

    /** The counters of a partition's containers: the kernel's as of now, others as of their newest readings. */
    public Map<String, ContainerCounters> counters(int partition) {
        Map<String, ContainerCounters> counters = new HashMap<>();
        for (Meter meter : sampler.meters()) {
            if (RecordKey.partitionOf(meter.workload().value()) == partition) {
                if (meter.byKernel()) {
                    meter.readAll();
                }
                ContainerCounters told = meter.counters();
                if (told != null) {
                    counters.put(told.containerId(), told);
                }
            }
        }
        return counters;
    }

    /** Those that must be waited for are waited for together. */
    private void refresh(List<Meter> meters) throws InterruptedException {
        List<Thread> waiting = new ArrayList<>();
        for (Meter meter : meters) {
            if (meter.byKernel() && meter.comparable()) {
                sampler.refresh(meter);
            } else {
                waiting.add(Thread.ofVirtual().name("metrics-refresh").start(() -> {
                    try {
                        sampler.refresh(meter);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
        }
        long until = System.nanoTime() + SampleLimits.ASK_WAIT.toNanos();
        for (Thread thread : waiting) {
            thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
    }
}
