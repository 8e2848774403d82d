package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a container, without saying to whose. Immutable.
 *
 * @param at by the engine's clock
 * @param lifeStartedAt null where the container never lived
 * @param exitCode for endings, null where nobody knows it
 */
record Happening(
        InstanceTransition.Type type,
        Instant at,
        @Nullable Instant lifeStartedAt,
        @Nullable Integer exitCode,
        boolean oomKilled) {
    InstanceTransition of(InstanceState instance) {
        return new InstanceTransition(
                instance.workload().id(),
                instance.workload().org(),
                instance.host(),
                instance.containerId(),
                instance.index(),
                type,
                at,
                lifeStartedAt,
                exitCode,
                oomKilled);
    }
}
