package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.crash.OomEvidence;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerSetup;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a watcher knows of a crash when it happens. Immutable.
 *
 * @param instance as it is after the end
 * @param at of the transition that tells of it; the same crash always has the same
 * @param lifeStartedAt null where it is not known
 * @param exitCode null where nobody knows it
 * @param restartCount how often the engine had restarted the container before
 * @param restartIn how long the engine waits before it restarts the container; null where it does not
 */
public record CrashFacts(
        InstanceState instance,
        Instant at,
        @Nullable Instant lifeStartedAt,
        @Nullable Integer exitCode,
        OomEvidence oom,
        ContainerSetup setup,
        int restartCount,
        @Nullable Duration restartIn) {}
