package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.lifecycle.catalogue.HeldWorkload;
import io.spyhop.lifecycle.catalogue.HeldWorkloads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is asked for: decides whether it may be, writes it down together with the status that shows it, and leaves
 * the doing to others. Each method is one transaction under the workload's lock. Thread-safe.
 */
@ApplicationScoped
class Orders {
    private final HeldWorkloads workloads;
    private final ErrandRepository errands;
    private final DeploymentRepository deployments;
    private final Hosts hosts;
    private final Clock clock = Clock.systemUTC();

    @Inject
    Orders(HeldWorkloads workloads, ErrandRepository errands, DeploymentRepository deployments, Hosts hosts) {
        this.workloads = workloads;
        this.errands = errands;
        this.deployments = deployments;
        this.hosts = hosts;
    }

    /** Runs an image, as a new workload or again as one of which nothing is left. */
    @Transactional
    Workload create(DeploymentSpec asked) {
        Instant now = clock.instant();
        DeploymentSpec spec = asked.at(host(asked.host()));
        String host = String.valueOf(spec.host());
        WorkloadId id = HeldWorkloads.idOf(spec.name());
        HeldWorkload workload =
                workloads.claim(host, Hosts.containerName(id), hosts.labels(id, spec), spec.image(), now);
        boolean free = workload.present().isEmpty() && errands.of(workload.id()).isEmpty();
        // Another id than the name's: that one is another workload's.
        if (!free || !workload.id().equals(id)) {
            throw new SpyhopException(ErrorCode.STATE_CONFLICT, "the name is in use: there is a workload " + id);
        }
        DeploymentEntity row = deployments.findById(id.value());
        if (row == null) {
            row = new DeploymentEntity();
            row.workloadId = id.value();
            row.host = host;
            row.spec = spec;
            deployments.persist(row);
        }
        row.host = host;
        row.spec = spec;
        workload.manage();
        begin(workload, host, ErrandKind.CREATE, now);
        workload.intend(InstanceStatus.CREATING, null);
        return workload.view();
    }

    /** Stops all that runs of a workload. */
    @Transactional
    Workload stop(WorkloadId id) {
        HeldWorkload workload = workloads.get(id);
        List<ErrandEntity> open = errands.of(id);
        if (open.stream().anyMatch(errand -> errand.kind == ErrandKind.STOP)) {
            return workload.view();
        }
        Optional<DeploymentEntity> deployment = deployments.findByIdOptional(id.value());
        // Its container may be gone by another's hand, or not yet seen; a failure is taken back.
        boolean left = deployment.isPresent()
                && (workload.intent() != null || deployment.get().holds());
        Set<String> where = hosts(workload, instance -> workload.managed() || mayRun(instance.status()));
        open.forEach(errand -> where.add(errand.host));
        if (left) {
            where.add(deployment.get().host);
        }
        if (where.isEmpty()) {
            throw new SpyhopException(ErrorCode.STATE_CONFLICT, "there is nothing to stop");
        }
        Instant now = clock.instant();
        where.forEach(host -> begin(workload, host, ErrandKind.STOP, now));
        workload.intend(InstanceStatus.STOPPING, null);
        workload.stopRequested(now);
        return workload.view();
    }

    /** Stops all that runs of a workload, and starts all that is there of it. */
    @Transactional
    Workload restart(WorkloadId id) {
        HeldWorkload workload = workloads.get(id);
        List<ErrandEntity> open = errands.of(id);
        if (open.stream().anyMatch(errand -> errand.kind == ErrandKind.RESTART)) {
            return workload.view();
        }
        if (workload.kind() == Kind.JOB_RUN) {
            throw new SpyhopException(ErrorCode.STATE_CONFLICT, "it is a run of a job: the job can be run again");
        }
        Set<String> where = hosts(workload, instance -> true);
        if (!open.isEmpty() || where.isEmpty()) {
            throw new SpyhopException(
                    ErrorCode.STATE_CONFLICT,
                    where.isEmpty() ? "there is nothing to start again" : "it is being made or stopped");
        }
        Instant now = clock.instant();
        where.forEach(host -> begin(workload, host, ErrandKind.RESTART, now));
        workload.intend(InstanceStatus.RESTARTING, null);
        return workload.view();
    }

    private void begin(HeldWorkload workload, String host, ErrandKind kind, Instant now) {
        ErrandEntity.Key key = new ErrandEntity.Key(new Errand.Key(workload.id(), host));
        ErrandEntity row = errands.findById(key);
        boolean fresh = row == null;
        if (fresh) {
            row = new ErrandEntity();
            row.workloadId = workload.id().value();
            row.host = host;
        }
        row.begin(kind, errands.nextTicket(), now);
        if (fresh) {
            errands.persist(row);
        }
    }

    private String host(@Nullable String asked) {
        Set<String> names = hosts.names();
        if (asked != null && names.contains(asked)) {
            return asked;
        }
        if (asked == null && names.size() == 1) {
            return names.iterator().next();
        }
        throw new SpyhopException(
                ErrorCode.BODY_INVALID,
                asked == null ? "host: there are several, name one" : "host: none of that name is configured");
    }

    private static Set<String> hosts(HeldWorkload workload, Predicate<InstanceState> which) {
        return workload.present().stream()
                .filter(which)
                .map(InstanceState::host)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean mayRun(InstanceStatus status) {
        return switch (status) {
            case RUNNING, CREATING, STOPPING, PAUSED, RESTARTING, UNHEALTHY -> true;
            case STOPPED, EXITED, REMOVED, CRASHED, FAILED -> false;
        };
    }
}
