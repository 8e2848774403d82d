package io.spyhop.lifecycle.catalogue;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.contracts.workload.WorkloadPage;
import io.spyhop.contracts.workload.WorkloadsApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers for the catalogue. */
@ApplicationScoped
@RunOnVirtualThread
class WorkloadsResource implements WorkloadsApi {
    private static final int LIMIT_MAX = 1000;

    private final WorkloadRepository workloads;
    private final InstanceRepository instances;
    private final CrashLoops crashes;

    @Inject
    WorkloadsResource(WorkloadRepository workloads, InstanceRepository instances, CrashLoops crashes) {
        this.workloads = workloads;
        this.instances = instances;
        this.crashes = crashes;
    }

    @Override
    @Transactional
    public WorkloadPage list(
            List<String> orgs,
            @Nullable Kind kind,
            @Nullable InstanceStatus status,
            @Nullable String text,
            int limit,
            @Nullable String cursor) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw SpyhopException.parameter("limit", "1 to " + LIMIT_MAX);
        }
        if (cursor != null && !WorkloadId.isValid(cursor)) {
            throw SpyhopException.parameter("cursor", "what the last page gave");
        }
        List<WorkloadEntity> rows = workloads.page(WorkloadQuery.of(orgs, kind, status, text, limit, cursor));
        boolean more = rows.size() > limit;
        List<WorkloadEntity> shown = more ? rows.subList(0, limit) : rows;
        return new WorkloadPage(views(shown), more ? shown.getLast().id : null);
    }

    @Override
    @Transactional
    public Workload find(WorkloadId id) {
        return workloads
                .findByIdOptional(id.value())
                .map(row -> views(List.of(row)).getFirst())
                .orElseThrow(SpyhopException::workloadUnknown);
    }

    @Override
    @Transactional
    public Workload resolve(
            List<String> orgs,
            Kind kind,
            @Nullable String project,
            @Nullable String deployment,
            @Nullable String service,
            @Nullable String worker,
            @Nullable String app) {
        return workloads
                .newest(WorkloadAddress.of(orgs, kind, project, deployment, service, worker, app))
                .map(row -> views(List.of(row)).getFirst())
                .orElseThrow(SpyhopException::workloadUnknown);
    }

    private List<Workload> views(List<WorkloadEntity> rows) {
        List<String> ids = rows.stream().map(row -> row.id).toList();
        Map<String, List<InstanceEntity>> byWorkload =
                instances.shown(ids).stream().collect(Collectors.groupingBy(instance -> instance.workloadId));
        Map<String, Integer> loops = crashes.loops(ids);
        Set<String> asked = instances.asked(ids);
        return rows.stream()
                .map(row -> WorkloadView.workload(
                        row,
                        byWorkload.getOrDefault(row.id, List.of()),
                        loops.getOrDefault(row.id, 0),
                        asked.contains(row.id)))
                .toList();
    }
}
