package io.spyhop.gateway.stats;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.workload.Workload;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a workload uses now, as the API shows it. Immutable.
 *
 * @param total all instances together, see {@link #of}
 * @param instances by index
 */
@Schema(name = "Stats", description = "What a workload uses now. A figure that nobody knows is missing. Mb means MiB.")
public record Stats(@JsonUnwrapped Usage total, List<Instance> instances) {
    /** Copies the instances. */
    public Stats {
        instances = List.copyOf(instances);
    }

    /** What one instance uses. */
    @Schema(name = "InstanceStats")
    record Instance(
            int index,
            String containerId,
            String host,
            String way,
            @JsonUnwrapped Usage usage) {}

    /** Whether there is anything to tell of a workload: an instance in which a process lives. */
    static boolean isOf(Workload workload) {
        return workload.instances().stream()
                .anyMatch(instance -> instance.status().alive());
    }

    /**
     * Adds instances up. A figure of the whole is unknown only if it is unknown of each: one that has just started does not
     * hide what the others use. {@code sampledAt} is the oldest. {@code memLimitMb} is the most that they can use: for each
     * host the sum of their limits, or its memory, once, where one of them there has no limit of its own; {@code memLimited}
     * says that all have one.
     *
     * @param usages of at least one instance
     */
    static Stats of(Collection<InstanceUsage> usages) {
        List<InstanceUsage> sorted = usages.stream()
                .sorted(Comparator.comparingInt(InstanceUsage::index).thenComparing(InstanceUsage::containerId))
                .toList();
        List<Usage> all = sorted.stream().map(InstanceUsage::usage).toList();
        double used = all.stream().mapToDouble(Usage::memUsedMb).sum();
        double limit = limit(sorted);
        Usage total = new Usage(
                all.stream().map(Usage::sampledAt).min(Instant::compareTo).orElseThrow(),
                sum(all, Usage::cpuPct),
                used,
                limit,
                all.stream().allMatch(Usage::memLimited),
                limit > 0 ? 100 * used / limit : 0,
                count(all, Usage::netRxBytes),
                count(all, Usage::netTxBytes),
                sum(all, Usage::netRxRate),
                sum(all, Usage::netTxRate),
                count(all, Usage::blockReadBytes),
                count(all, Usage::blockWriteBytes),
                sum(all, Usage::blockReadRate),
                sum(all, Usage::blockWriteRate),
                count(all, Usage::pids));
        return new Stats(
                total,
                sorted.stream()
                        .map(each ->
                                new Instance(each.index(), each.containerId(), each.host(), each.way(), each.usage()))
                        .toList());
    }

    private static double limit(List<InstanceUsage> all) {
        Map<String, Double> limits = new HashMap<>();
        Map<String, Double> memories = new HashMap<>();
        for (InstanceUsage each : all) {
            if (each.usage().memLimited()) {
                limits.merge(each.host(), each.usage().memLimitMb(), Double::sum);
            } else {
                memories.merge(each.host(), each.usage().memLimitMb(), Math::max);
            }
        }
        limits.putAll(memories);
        return limits.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static @Nullable Double sum(List<Usage> all, Function<Usage, @Nullable Double> figure) {
        return all.stream()
                .map(figure)
                .filter(Objects::nonNull)
                .reduce(Double::sum)
                .orElse(null);
    }

    private static @Nullable Long count(List<Usage> all, Function<Usage, @Nullable Long> figure) {
        return all.stream()
                .map(figure)
                .filter(Objects::nonNull)
                .reduce(Long::sum)
                .orElse(null);
    }
}
