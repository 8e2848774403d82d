package io.spyhop.metrics.sample;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerDetails;

/** What the watcher tells of real containers. */
final class RealInstances {
    private RealInstances() {}

    static InstanceState state(WorkloadId workload, ContainerDetails details, InstanceStatus status) {
        return SomeInstance.of(workload, details.id())
                .in("acme", null)
                .named(details.name())
                .status(status)
                .image(details.image())
                .labels(details.labels())
                .pid(details.pid())
                .memoryLimit(details.memoryLimitBytes())
                .exit(details.exitCode(), details.oomKilled())
                .created(details.createdAt())
                .lived(details.startedAt(), details.finishedAt())
                .state();
    }
}
