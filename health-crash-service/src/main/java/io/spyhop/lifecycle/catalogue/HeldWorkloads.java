package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.lifecycle.DiscoveryConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Workloads for those who decide what becomes of them: each is locked until the caller's transaction ends, so that
 * requests, what is done about them and what the watcher sees come one after the other. Thread-safe; wants a transaction.
 */
@ApplicationScoped
public class HeldWorkloads {
    private final WorkloadNaming naming;
    private final WorkloadRepository workloads;
    private final InstanceRepository instances;

    @Inject
    HeldWorkloads(DiscoveryConfig config, WorkloadRepository workloads, InstanceRepository instances) {
        this.naming = new WorkloadNaming(config.deploymentPattern());
        this.workloads = workloads;
        this.instances = instances;
    }

    /** The id that a name wishes for. */
    public static WorkloadId idOf(String name) {
        return WorkloadNaming.sanitized(name);
    }

    /** A workload, locked; empty where it never was. */
    public Optional<HeldWorkload> find(WorkloadId id) {
        return workloads.lockedIfKnown(id).map(row -> new HeldWorkload(row, instances));
    }

    /**
     * A workload, locked.
     *
     * @throws SpyhopException {@code WORKLOAD_UNKNOWN} where it never was
     */
    public HeldWorkload get(WorkloadId id) {
        return find(id).orElseThrow(SpyhopException::workloadUnknown);
    }

    /** The containers of a workload that are not removed, as they were last seen; nothing is locked. */
    public List<InstanceState> present(WorkloadId id) {
        return instances.presentOf(id).stream().map(row -> row.state).toList();
    }

    /** The workload that a container with these labels will belong to, made where it is new, as they describe it. */
    public HeldWorkload claim(String host, String containerName, Map<String, String> labels, String image, Instant at) {
        Naming names = naming.name(host, containerName, labels);
        WorkloadEntity row = workloads.claim(names, image, at);
        row.describe(names, labels);
        row.image = image;
        return new HeldWorkload(row, instances);
    }
}
