package io.spyhop.gateway.door;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.contracts.workload.WorkloadsApi;
import io.spyhop.gateway.scope.Caller;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ways to name a workload in a path. Immutable. */
sealed interface Address {
    /** The path of the canonical address before the id. */
    String CANONICAL = "/api/v1/workloads/";

    /** The workload of this address. The caller's orgs limit what is found. */
    Workload find(WorkloadsApi workloads, Caller caller);

    /** What follows the address, with its slash. */
    String rest();

    /** The address alone. */
    Address withoutRest();

    /** By its id. */
    record Canonical(String id, String rest) implements Address {
        @Override
        public Workload find(WorkloadsApi workloads, Caller caller) {
            if (!WorkloadId.isValid(id)) {
                throw SpyhopException.workloadUnknown();
            }
            return workloads.find(new WorkloadId(id));
        }

        @Override
        public Address withoutRest() {
            return new Canonical(id, "");
        }
    }

    /**
     * By names.
     *
     * @param org null where the address names none
     */
    record Alias(
            Kind kind,
            @Nullable String org,
            @Nullable String project,
            @Nullable String deployment,
            @Nullable String service,
            @Nullable String worker,
            @Nullable String app,
            String rest)
            implements Address {
        @Override
        public Workload find(WorkloadsApi workloads, Caller caller) {
            if (org != null && !caller.sees(org)) {
                throw SpyhopException.workloadUnknown();
            }
            List<String> orgs = org != null ? List.of(org) : caller.orgList();
            return workloads.resolve(orgs, kind, project, deployment, service, worker, app);
        }

        @Override
        public Address withoutRest() {
            return new Alias(kind, org, project, deployment, service, worker, app, "");
        }
    }

    /** The address in a path; empty where it names no workload. */
    static Optional<Address> of(RequestPath path) {
        List<String> s = path.segments();
        if (path.startsWith("api", "v1", "workloads") && s.size() >= 4) {
            return Optional.of(new Canonical(s.get(3), path.from(4)));
        }
        if (path.startsWith("api", "v1", "apps") && s.size() >= 4) {
            return Optional.of(new Alias(Kind.APP, null, null, null, null, null, s.get(3), path.from(4)));
        }
        if (path.startsWith("api", "deployments") && s.size() >= 3) {
            return Optional.of(new Alias(Kind.DEPLOYMENT, null, null, s.get(2), null, null, null, path.from(3)));
        }
        if (path.startsWith("api", "orgs") && s.size() >= 7) {
            String rest = path.from(7);
            if (s.get(3).equals("projects") && s.get(5).equals("workers")) {
                return Optional.of(new Alias(Kind.WORKER, s.get(2), s.get(4), null, null, s.get(6), null, rest));
            }
            if (s.get(3).equals("deployments") && s.get(5).equals("services")) {
                return Optional.of(new Alias(Kind.SERVICE, s.get(2), null, s.get(4), s.get(6), null, null, rest));
            }
        }
        return Optional.empty();
    }
}
