package io.spyhop.metrics.sample;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadIdentity;
import io.spyhop.engine.ContainerDetails;

/** What the watcher tells of real containers. */
final class RealInstances {
    private RealInstances() {}

    static InstanceState state(WorkloadId workload, ContainerDetails details, InstanceStatus status) {
        return new InstanceState(
                new WorkloadIdentity(
                        workload,
                        "w",
                        "w",
                        Kind.CONTAINER,
                        "acme",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                "local",
                details.id(),
                details.name(),
                0,
                1,
                status,
                details.image(),
                details.labels(),
                false,
                details.pid(),
                null,
                details.memoryLimitBytes(),
                details.exitCode(),
                details.oomKilled(),
                0,
                details.createdAt(),
                details.startedAt(),
                details.finishedAt());
    }
}
