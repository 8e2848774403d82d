package io.spyhop.gateway;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.contracts.workload.WorkloadPage;
import io.spyhop.contracts.workload.WorkloadsApi;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A catalogue in memory with one workload of each address in org acme, and one in org other. */
@ApplicationScoped
public class FakeCatalogue implements WorkloadsApi {
    private final Map<WorkloadId, Workload> workloads = new ConcurrentSkipListMap<>();

    public FakeCatalogue() {
        put("acme-worker", Kind.WORKER, "acme", "site", null, null, "dev", null, InstanceStatus.RUNNING);
        put("acme-service", Kind.SERVICE, "acme", null, "shop", "api", null, null, InstanceStatus.RUNNING);
        put("acme-shop", Kind.DEPLOYMENT, "acme", null, "shop", null, null, null, InstanceStatus.RUNNING);
        put("acme-app", Kind.APP, "acme", null, null, null, null, "chat", InstanceStatus.RUNNING);
        put("other-web", Kind.CONTAINER, "other", null, null, null, null, null, InstanceStatus.EXITED);
    }

    private void put(
            String id,
            Kind kind,
            String org,
            @Nullable String project,
            @Nullable String deployment,
            @Nullable String service,
            @Nullable String worker,
            @Nullable String app,
            InstanceStatus status) {
        WorkloadId workload = new WorkloadId(id);
        workloads.put(workload, workload(workload, kind, status, org, project, deployment, service, worker, app));
    }

    /** A workload of one container. */
    public static Workload workload(
            WorkloadId id,
            Kind kind,
            InstanceStatus status,
            String org,
            @Nullable String project,
            @Nullable String deployment,
            @Nullable String service,
            @Nullable String worker,
            @Nullable String app) {
        String name = id.value();
        Workload.Instance instance = new Workload.Instance(
                0, 1, status, "local", "c0ffee", name, "busybox", 0, null, null, false, Instant.EPOCH, null, null);
        return new Workload(
                id,
                name,
                name,
                kind,
                status,
                null,
                org,
                project,
                deployment,
                service,
                worker,
                app,
                null,
                null,
                null,
                null,
                null,
                "busybox",
                Instant.EPOCH,
                null,
                null,
                false,
                0,
                null,
                "c0ffee",
                List.of(instance),
                null,
                false,
                null);
    }

    @Override
    public WorkloadPage list(
            List<String> orgs,
            @Nullable Kind kind,
            @Nullable InstanceStatus status,
            @Nullable String text,
            int limit,
            @Nullable String cursor) {
        List<Workload> all = workloads.values().stream()
                .filter(workload -> orgs.isEmpty() || orgs.contains(workload.org()))
                .filter(workload -> kind == null ? workload.kind() != Kind.JOB_RUN : workload.kind() == kind)
                .filter(workload -> status == null || workload.status() == status)
                .filter(workload -> text == null || workload.name().contains(text))
                .filter(workload -> cursor == null || workload.id().value().compareTo(cursor) > 0)
                .limit(limit + 1)
                .toList();
        return all.size() > limit
                ? new WorkloadPage(
                        all.subList(0, limit), all.get(limit - 1).id().value())
                : new WorkloadPage(all, null);
    }

    @Override
    public Workload find(WorkloadId id) {
        Workload workload = workloads.get(id);
        if (workload == null) {
            throw SpyhopException.workloadUnknown();
        }
        return workload;
    }

    @Override
    public Workload resolve(
            List<String> orgs,
            Kind kind,
            @Nullable String project,
            @Nullable String deployment,
            @Nullable String service,
            @Nullable String worker,
            @Nullable String app) {
        return workloads.values().stream()
                .filter(workload -> orgs.isEmpty() || orgs.contains(workload.org()))
                .filter(workload -> workload.kind() == kind)
                .filter(workload -> project == null || project.equals(workload.project()))
                .filter(workload -> deployment == null || deployment.equals(workload.deployment()))
                .filter(workload -> service == null || service.equals(workload.service()))
                .filter(workload -> worker == null || worker.equals(workload.worker()))
                .filter(workload -> app == null || Objects.equals(app, workload.app()))
                .findFirst()
                .orElseThrow(SpyhopException::workloadUnknown);
    }
}
