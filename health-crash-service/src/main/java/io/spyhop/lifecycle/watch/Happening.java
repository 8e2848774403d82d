package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a container, without saying to whose. Immutable.
 *
 * @param at by the engine's clock
 * @param lifeStartedAt null where the container never lived
 * @param exitCode for endings, null where nobody knows it
 * @param restart which restart follows; for {@code RESTARTING} alone
 * @param delay how long the engine waits before it; for {@code RESTARTING} alone
 * @param failures probes that failed in a row, where they made it unhealthy
 * @param reason of the last of them
 */
record Happening(
        InstanceTransition.Type type,
        Instant at,
        @Nullable Instant lifeStartedAt,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable Integer restart,
        @Nullable Duration delay,
        @Nullable Integer failures,
        @Nullable String reason) {
    /** Something that probes have no part in. */
    Happening(
            InstanceTransition.Type type,
            Instant at,
            @Nullable Instant lifeStartedAt,
            @Nullable Integer exitCode,
            boolean oomKilled,
            @Nullable Integer restart,
            @Nullable Duration delay) {
        this(type, at, lifeStartedAt, exitCode, oomKilled, restart, delay, null, null);
    }

    /** What is no {@code RESTARTING} either. */
    Happening(
            InstanceTransition.Type type,
            Instant at,
            @Nullable Instant lifeStartedAt,
            @Nullable Integer exitCode,
            boolean oomKilled) {
        this(type, at, lifeStartedAt, exitCode, oomKilled, null, null);
    }

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
                oomKilled,
                restart,
                delay == null ? null : delay.toMillis(),
                failures,
                reason,
                null,
                null);
    }
}
