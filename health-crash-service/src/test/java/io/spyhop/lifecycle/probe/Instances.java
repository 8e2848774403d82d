package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.SomeInstance;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Instances as a watcher announces them. */
final class Instances {
    private Instances() {}

    static InstanceState running(
            String containerId, Kind kind, Map<String, String> labels, Instant startedAt, @Nullable Long pid) {
        return SomeInstance.of("w-" + containerId.substring(0, Math.min(12, containerId.length())), containerId)
                .kind(kind)
                .labels(labels)
                .pid(pid)
                .created(startedAt)
                .lived(startedAt, null)
                .state();
    }
}
