package io.spyhop.lifecycle.crash;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.engine.EngineException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes managed containers that have died and are not restarted, each when what is to be known of its end is stored, or after a
 * while nevertheless. One of others, or one that was stopped, is never touched. A failure is mended by the next time. Thread-safe.
 */
final class DeadContainers {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeadContainers.class);

    private final ManagedContainers managed;
    private final Forensics forensics;

    /** Tells whether all that is to be known of an end is stored. */
    @FunctionalInterface
    interface Forensics {
        boolean stored(String containerId, Instant endedAt) throws SQLException;
    }

    DeadContainers(ManagedContainers managed, Forensics forensics) {
        this.managed = managed;
        this.forensics = forensics;
    }

    /** Removes those of these whose time has come; when it comes for the next of them, unless more becomes known before. */
    Optional<Instant> remove(Collection<InstanceState> containers, Instant now) throws SQLException {
        Instant next = null;
        for (InstanceState container : containers) {
            Instant end = container.finishedAt();
            if (end == null || !isDead(container.status()) || !managed.isOurs(container)) {
                continue;
            }
            Instant dueAt = isComplete(container, end) ? now : end.plus(CrashLimits.FORENSICS_PATIENCE);
            if (!dueAt.isAfter(now)) {
                dueAt = remove(container) ? null : now.plus(CrashLimits.REMOVAL_RETRY);
            }
            next = dueAt == null || (next != null && next.isBefore(dueAt)) ? next : dueAt;
        }
        return Optional.ofNullable(next);
    }

    private static boolean isDead(InstanceStatus status) {
        return switch (status) {
            case CRASHED, EXITED -> true;
            case RUNNING, CREATING, STOPPING, STOPPED, REMOVED, PAUSED, RESTARTING, UNHEALTHY, FAILED -> false;
        };
    }

    private boolean isComplete(InstanceState container, Instant end) throws SQLException {
        return container.status() == InstanceStatus.CRASHED && forensics.stored(container.containerId(), end);
    }

    private boolean remove(InstanceState container) {
        try {
            managed.remove(container);
            LOGGER.atInfo()
                    .addKeyValue("workload", container.workload().id())
                    .addKeyValue("instance", container.containerId())
                    .log("A dead container is removed.");
            return true;
        } catch (EngineException e) {
            LOGGER.atWarn()
                    .addKeyValue("instance", container.containerId())
                    .addKeyValue("reason", e.toString())
                    .log("A dead container could not be removed, trying again.");
            return false;
        }
    }
}
