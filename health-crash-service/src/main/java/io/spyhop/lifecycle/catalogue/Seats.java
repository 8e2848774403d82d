package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which index a new container of a workload gets. Pure. */
final class Seats {
    private static final String NUMBER = "com.docker.compose.container-number";

    private Seats() {}

    /**
     * The preferred index where it is free, else the lowest free one. An ended container does not keep its index: the
     * next one is its recreation. Nor does one of the same host and name: an engine gives a name once, so that one is gone,
     * and the news of it is on its way. A compose container with the same number is being replaced: compose makes the new
     * one before it removes the old one.
     *
     * @param present the workload's containers that are not removed
     */
    static int index(
            Collection<InstanceEntity> present, String host, String containerName, @Nullable Integer preferred) {
        Set<Integer> taken = new HashSet<>();
        for (InstanceEntity instance : present) {
            boolean gone =
                    instance.host.equals(host) && instance.state.containerName().equals(containerName);
            boolean replaced =
                    preferred != null && String.valueOf(preferred + 1).equals(number(instance.state));
            if (occupies(instance.state.status()) && !gone && !replaced) {
                taken.add(instance.index);
            }
        }
        if (preferred != null && !taken.contains(preferred)) {
            return preferred;
        }
        int index = 0;
        while (taken.contains(index)) {
            index++;
        }
        return index;
    }

    private static boolean occupies(InstanceStatus status) {
        return switch (status) {
            case CREATING, RUNNING, PAUSED, UNHEALTHY, RESTARTING, STOPPING -> true;
            case STOPPED, EXITED, CRASHED, FAILED, REMOVED -> false;
        };
    }

    private static @Nullable String number(InstanceState state) {
        return state.labels().get(NUMBER);
    }
}
