package io.spyhop.contracts.workload;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.topic.RecordKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The value on the instances topic: one container as its host's watcher sees it. Keyed by workload and container id; a
 * removed container is a tombstone. Immutable.
 *
 * @param workload whose instance it is
 * @param host the engine endpoint's name
 * @param containerId the engine's full id
 * @param containerName the engine's name without the leading slash
 * @param index 0 for the only one; the lowest free one when it was first seen
 * @param generation from 1, one more for each recreate
 * @param status see {@link InstanceStatus}
 * @param tty whether the container has a terminal: its log is one raw stream then
 * @param pid of its first process, null while none lives
 * @param hostPort the first published port, null where none is
 * @param memoryLimitBytes null where none is set
 * @param exitCode of the last ended life, null before the first end
 * @param oomKilled what the engine said of the last ended life
 * @param restartCount as the engine counts
 * @param startedAt of the newest life, null before the first; while the status is already running, its time is not known yet
 * @param finishedAt of the last ended life, null before the first end
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceState(
        WorkloadIdentity workload,
        String host,
        String containerId,
        String containerName,
        int index,
        int generation,
        InstanceStatus status,
        String image,
        Map<String, String> labels,
        boolean tty,
        @Nullable Long pid,
        @Nullable Integer hostPort,
        @Nullable Long memoryLimitBytes,
        @Nullable Integer exitCode,
        boolean oomKilled,
        int restartCount,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {
    /** Copies the labels. */
    public InstanceState {
        labels = Map.copyOf(labels);
    }

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload.id(), containerId);
    }

    /** The same instance with another status. */
    public InstanceState with(InstanceStatus other) {
        return new InstanceState(
                workload,
                host,
                containerId,
                containerName,
                index,
                generation,
                other,
                image,
                labels,
                tty,
                pid,
                hostPort,
                memoryLimitBytes,
                exitCode,
                oomKilled,
                restartCount,
                createdAt,
                startedAt,
                finishedAt);
    }
}
