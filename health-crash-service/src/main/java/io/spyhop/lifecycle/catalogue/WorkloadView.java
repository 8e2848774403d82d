package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Workload;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How rows become what the API shows. Pure. */
final class WorkloadView {
    private WorkloadView() {}

    /**
     * The instances that count: the newest generation at each index, by index. A removed container counts only where
     * nothing else is left, and then the last one alone.
     */
    static List<InstanceEntity> current(Collection<InstanceEntity> instances) {
        Map<Integer, InstanceEntity> byIndex = new TreeMap<>();
        for (InstanceEntity instance : instances) {
            if (instance.removedAt == null) {
                byIndex.merge(instance.index, instance, (a, b) -> a.generation >= b.generation ? a : b);
            }
        }
        if (!byIndex.isEmpty()) {
            return List.copyOf(byIndex.values());
        }
        return instances.stream()
                .max(Comparator.comparing((InstanceEntity instance) -> instance.removedAt)
                        .thenComparingInt(instance -> instance.generation))
                .stream()
                .toList();
    }

    /** The worst status among them; {@code REMOVED} when there is none. */
    static InstanceStatus status(Collection<InstanceEntity> current) {
        return current.stream()
                .map(WorkloadView::status)
                .max(Comparator.naturalOrder())
                .orElse(InstanceStatus.REMOVED);
    }

    /** What is being done with the workload; else how its instances are. */
    static InstanceStatus status(WorkloadEntity row, Collection<InstanceEntity> current) {
        return row.intent == null ? status(current) : row.intent;
    }

    /**
     * A workload with its instances.
     *
     * @param crashes how often it crashed of late, if that is a loop; else 0
     * @param asked whether it is asked for its health
     */
    static Workload workload(WorkloadEntity row, Collection<InstanceEntity> instances, int crashes, boolean asked) {
        List<InstanceEntity> current = current(instances);
        @Nullable InstanceState first = current.isEmpty() ? null : current.getFirst().state;
        InstanceStatus status = status(row, current);
        boolean cleared = row.managed && (first == null || current.getFirst().removedAt != null);
        return new Workload(
                new WorkloadId(row.id),
                row.name,
                row.slug,
                row.kind,
                status,
                asked ? health(status(current)) : null,
                row.org,
                row.project,
                row.deployment,
                row.service,
                row.worker,
                row.app,
                row.entityType,
                row.entityId,
                row.publicKey,
                row.publicUrl,
                row.registryUrl,
                first == null ? row.image : first.image(),
                row.createdAt,
                first == null ? null : first.startedAt(),
                first == null ? null : first.exitCode(),
                first != null && first.oomKilled(),
                first == null ? 0 : first.restartCount(),
                first == null || cleared ? null : first.hostPort(),
                first == null || cleared ? null : first.containerId(),
                current.stream().map(WorkloadView::instance).toList(),
                reason(row, crashes),
                row.managed,
                row.stopRequestedAt == null
                        ? null
                        : new Workload.Stop(row.stopRequestedAt, row.stopTookMs, row.stopKilled));
    }

    /** What hinders what is being done is told before what its instances do. */
    private static @Nullable String reason(WorkloadEntity row, int crashes) {
        if (row.intentReason != null) {
            return row.intentReason;
        }
        return crashes == 0 ? null : "crash loop: " + crashes + " crashes within 5 minutes";
    }

    /** Of one that is asked: what is not unhealthy is healthy; of what does not run nobody knows. */
    private static @Nullable String health(InstanceStatus status) {
        return switch (status) {
            case UNHEALTHY -> "unhealthy";
            case RUNNING -> "healthy";
            default -> null;
        };
    }

    private static Workload.Instance instance(InstanceEntity row) {
        InstanceState state = row.state;
        return new Workload.Instance(
                row.index,
                row.generation,
                status(row),
                row.host,
                row.containerId,
                state.containerName(),
                state.image(),
                state.restartCount(),
                state.hostPort(),
                state.exitCode(),
                state.oomKilled(),
                state.createdAt(),
                state.startedAt(),
                state.finishedAt());
    }

    private static InstanceStatus status(InstanceEntity row) {
        return row.removedAt == null ? row.state.status() : InstanceStatus.REMOVED;
    }
}
