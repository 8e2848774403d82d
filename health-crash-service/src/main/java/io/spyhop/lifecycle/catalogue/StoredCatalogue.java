package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.lifecycle.DiscoveryConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue in PostgreSQL. Whatever changes a workload or one of its instances locks the workload's row first, so
 * several watchers (of several hosts, or two of one host while it changes hands) agree on ids, indexes and status.
 */
@ApplicationScoped
class StoredCatalogue implements Catalogue {
    private final WorkloadNaming naming;
    private final WorkloadRepository workloads;
    private final InstanceRepository instances;
    private final HostRepository hosts;
    private final Clock clock = Clock.systemUTC();

    @Inject
    StoredCatalogue(
            DiscoveryConfig config, WorkloadRepository workloads, InstanceRepository instances, HostRepository hosts) {
        this.naming = new WorkloadNaming(config.deploymentPattern());
        this.workloads = workloads;
        this.instances = instances;
        this.hosts = hosts;
    }

    @Override
    @Transactional
    public InstanceState seat(String host, ContainerDetails container) {
        InstanceEntity known = instances.findById(new InstanceKey(host, container.id()));
        if (known != null) {
            known.removedAt = null;
            return known.state;
        }
        Naming names = naming.name(host, container.name(), container.labels());
        WorkloadEntity workload = workloads.claim(names, container.image(), container.createdAt());
        workload.describe(names, container.labels());
        WorkloadId id = new WorkloadId(workload.id);
        // Attempts of a run follow each other, also where the end of the one before is told late.
        int index = names.kind() == Kind.JOB_RUN
                ? 0
                : Seats.index(instances.presentOf(id), host, container.name(), names.preferredIndex());
        InstanceState state = new InstanceState(
                workload.identity(),
                host,
                container.id(),
                container.name(),
                index,
                instances.newestGeneration(id, index) + 1,
                InstanceStatus.CREATING,
                container.image(),
                container.labels(),
                container.tty(),
                null,
                null,
                container.memoryLimitBytes(),
                null,
                false,
                0,
                container.createdAt(),
                null,
                null);
        instances.persist(InstanceEntity.of(state));
        summarize(workload);
        return state;
    }

    @Override
    @Transactional
    public void keep(InstanceState state) {
        WorkloadEntity workload = workloads.locked(state.workload().id());
        InstanceEntity row = instances.findById(new InstanceKey(state.host(), state.containerId()));
        if (row != null && row.removedAt == null) {
            row.state = state;
            summarize(workload);
        }
    }

    @Override
    @Transactional
    public void remove(InstanceState last, Instant at) {
        WorkloadEntity workload = workloads.locked(last.workload().id());
        InstanceEntity row = instances.findById(new InstanceKey(last.host(), last.containerId()));
        if (row != null) {
            row.state = last;
            row.removedAt = at;
            instances.flush();
            instances.prune(last.workload().id());
            summarize(workload);
        }
    }

    @Override
    @Transactional
    public List<InstanceState> present(String host) {
        return instances.present(host).stream().map(row -> row.state).toList();
    }

    @Override
    @Transactional
    public Optional<Instant> lastEventAt(String host) {
        return hosts.findByIdOptional(host).map(row -> row.lastEventAt);
    }

    @Override
    @Transactional
    public void keepHost(String host, HostReport report) {
        HostEntity row = hosts.findById(host);
        boolean fresh = row == null;
        if (fresh) {
            row = new HostEntity();
            row.name = host;
        }
        String state = report.state().wire();
        row.changedAt = fresh || !row.state.equals(state) ? clock.instant() : row.changedAt;
        row.state = state;
        row.engine = report.engine() == null ? row.engine : report.engine();
        row.apiVersion = report.apiVersion() == null ? row.apiVersion : report.apiVersion();
        row.lastEventAt = report.lastEventAt() == null ? row.lastEventAt : report.lastEventAt();
        row.lastContactAt = report.lastContactAt() == null ? row.lastContactAt : report.lastContactAt();
        if (fresh) {
            hosts.persist(row);
        }
    }

    private void summarize(WorkloadEntity workload) {
        workload.summarize(WorkloadView.current(instances.presentOf(new WorkloadId(workload.id))));
    }
}
