package io.spyhop.gateway.search;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.ExecQuery;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.services.Services;
import io.spyhop.gateway.workloads.VisibleWorkloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which workloads a search looks through. Runs in containers of their own stand in the catalogue, those inside running
 * instances only with jobs-service. Thread-safe.
 */
final class SearchedWorkloads {
    private final VisibleWorkloads visible;
    private final Services services;

    SearchedWorkloads(VisibleWorkloads visible, Services services) {
        this.visible = visible;
        this.services = services;
    }

    /**
     * Finds them.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID} when there are too many
     */
    List<WorkloadId> find(Caller caller, SearchRequest request) {
        List<WorkloadId> found = new ArrayList<>(visible.all(
                caller,
                request.org(),
                request.project(),
                request.kind(),
                request.workloads(),
                SearchQuery.WORKLOADS_MAX));
        if (request.kind() == Kind.JOB_RUN) {
            addExecs(caller, request, found);
        }
        return found;
    }

    private void addExecs(Caller caller, SearchRequest request, List<WorkloadId> found) {
        String org = request.org();
        if (org != null && !caller.sees(org)) {
            return;
        }
        List<WorkloadId> owners = List.of();
        if (request.project() != null) {
            owners = visible.all(caller, org, request.project(), null, Set.of(), SearchQuery.WORKLOADS_MAX);
            if (owners.isEmpty()) {
                return;
            }
        }
        int most = SearchQuery.WORKLOADS_MAX - found.size();
        List<RunId> execs = services.jobs()
                .execs(new ExecQuery(
                        org == null ? caller.orgList() : List.of(org),
                        owners,
                        Instant.ofEpochSecond(0, request.from().sinceNanos()),
                        Instant.ofEpochSecond(0, request.from().untilNanos()),
                        most + 1))
                .items();
        if (execs.size() > most) {
            throw SpyhopException.parameter("since", "there are too many runs since then");
        }
        execs.stream()
                .map(RunId::workload)
                .filter(run ->
                        request.workloads().isEmpty() || request.workloads().contains(run))
                .forEach(found::add);
    }
}
