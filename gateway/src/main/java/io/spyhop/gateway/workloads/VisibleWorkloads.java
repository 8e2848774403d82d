package io.spyhop.gateway.workloads;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.contracts.workload.WorkloadPage;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.services.Services;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The catalogue as one caller may see it: the one place where many workloads are asked for at once. Thread-safe. */
@ApplicationScoped
public class VisibleWorkloads {
    private static final int PAGE = 1000;

    private final Services services;

    @Inject
    VisibleWorkloads(Services services) {
        this.services = services;
    }

    /** A page of them. A foreign org looks like one without workloads. */
    WorkloadPage page(
            Caller caller,
            @Nullable String org,
            @Nullable Kind kind,
            @Nullable InstanceStatus status,
            @Nullable String text,
            int limit,
            @Nullable String cursor) {
        if (org != null && !caller.sees(org)) {
            return new WorkloadPage(List.of(), null);
        }
        List<String> orgs = org == null ? caller.orgList() : List.of(org);
        return services.workloads().list(orgs, kind, status, text, limit, cursor);
    }

    /**
     * All of them.
     *
     * @param named only these; empty for all, job runs only if asked for by kind
     * @throws SpyhopException {@code PARAMETER_INVALID} when there are more than that many
     */
    public List<WorkloadId> all(
            Caller caller,
            @Nullable String org,
            @Nullable String project,
            @Nullable Kind kind,
            Collection<WorkloadId> named,
            int most) {
        List<WorkloadId> found = new ArrayList<>();
        if (!named.isEmpty()) {
            for (WorkloadId id : named) {
                Workload workload = known(id);
                boolean asked = workload != null
                        && caller.sees(workload.org())
                        && (org == null || org.equals(workload.org()))
                        && (kind == null || kind == workload.kind());
                if (asked) {
                    add(workload, project, found);
                }
            }
            return found;
        }
        String cursor = null;
        do {
            WorkloadPage page = page(caller, org, kind, null, null, PAGE, cursor);
            page.items().forEach(workload -> add(workload, project, found));
            if (found.size() > most) {
                throw SpyhopException.parameter(
                        "workload", "there are more than " + most + "; narrow them by org, project, kind or workload");
            }
            cursor = page.next();
        } while (cursor != null);
        return found;
    }

    private @Nullable Workload known(WorkloadId id) {
        try {
            return services.workloads().find(id);
        } catch (SpyhopException e) {
            if (e.code() == ErrorCode.WORKLOAD_UNKNOWN) {
                return null;
            }
            throw e;
        }
    }

    private static void add(@Nullable Workload workload, @Nullable String project, List<WorkloadId> found) {
        if (workload != null && (project == null || project.equals(workload.project()))) {
            found.add(workload.id());
        }
    }
}
