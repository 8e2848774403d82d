package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Instances as a watcher announces them. */
final class Instances {
    private Instances() {}

    static InstanceState running(
            String containerId, Kind kind, Map<String, String> labels, Instant startedAt, @Nullable Long pid) {
        WorkloadIdentity workload = new WorkloadIdentity(
                new WorkloadId("w-" + containerId.substring(0, Math.min(12, containerId.length()))),
                "web",
                "web",
                kind,
                WorkloadIdentity.DEFAULT_ORG,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        return new InstanceState(
                workload,
                "local",
                containerId,
                "web",
                0,
                1,
                InstanceStatus.RUNNING,
                "image:1",
                labels,
                false,
                pid,
                null,
                null,
                null,
                false,
                0,
                startedAt,
                startedAt,
                null);
    }
}
