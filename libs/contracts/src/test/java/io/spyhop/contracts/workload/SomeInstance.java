package io.spyhop.contracts.workload;

import io.spyhop.contracts.WorkloadId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a watcher tells of an instance, for tests of every module: what a test does not name has a plain value. An instance of the
 * only container of a workload, running, if nothing else is said. Not thread-safe.
 */
public final class SomeInstance {
    private final WorkloadId workload;
    private final String containerId;
    private Kind kind = Kind.CONTAINER;
    private String org = WorkloadIdentity.DEFAULT_ORG;
    private @Nullable String project;
    private String host = "local";
    private String containerName;
    private int index;
    private int generation = 1;
    private InstanceStatus status = InstanceStatus.RUNNING;
    private String image = "image:1";
    private Map<String, String> labels = Map.of();
    private boolean tty;
    private @Nullable Long pid;
    private @Nullable Long memoryLimitBytes;
    private @Nullable Integer exitCode;
    private boolean oomKilled;
    private int restartCount;
    private Instant createdAt = Instant.EPOCH;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;

    private SomeInstance(WorkloadId workload, String containerId) {
        this.workload = workload;
        this.containerId = containerId;
        this.containerName = containerId;
    }

    public static SomeInstance of(String workload, String containerId) {
        return of(new WorkloadId(workload), containerId);
    }

    public static SomeInstance of(WorkloadId workload, String containerId) {
        return new SomeInstance(workload, containerId);
    }

    public SomeInstance kind(Kind which) {
        kind = which;
        return this;
    }

    public SomeInstance in(String ownOrg, @Nullable String ownProject) {
        org = ownOrg;
        project = ownProject;
        return this;
    }

    public SomeInstance named(String name) {
        containerName = name;
        return this;
    }

    public SomeInstance on(String engine) {
        host = engine;
        return this;
    }

    public SomeInstance generation(int number) {
        generation = number;
        return this;
    }

    public SomeInstance index(int seat) {
        index = seat;
        return this;
    }

    public SomeInstance status(InstanceStatus how) {
        status = how;
        return this;
    }

    public SomeInstance image(String name) {
        image = name;
        return this;
    }

    public SomeInstance labels(Map<String, String> all) {
        labels = all;
        return this;
    }

    public SomeInstance tty(boolean terminal) {
        tty = terminal;
        return this;
    }

    public SomeInstance pid(@Nullable Long number) {
        pid = number;
        return this;
    }

    public SomeInstance memoryLimit(@Nullable Long bytes) {
        memoryLimitBytes = bytes;
        return this;
    }

    public SomeInstance exit(@Nullable Integer code, boolean oom) {
        exitCode = code;
        oomKilled = oom;
        return this;
    }

    public SomeInstance restarts(int count) {
        restartCount = count;
        return this;
    }

    public SomeInstance created(Instant at) {
        createdAt = at;
        return this;
    }

    public SomeInstance lived(@Nullable Instant from, @Nullable Instant to) {
        startedAt = from;
        finishedAt = to;
        return this;
    }

    public InstanceState state() {
        return new InstanceState(
                identity(),
                host,
                containerId,
                containerName,
                index,
                generation,
                status,
                image,
                labels,
                tty,
                pid,
                null,
                memoryLimitBytes,
                exitCode,
                oomKilled,
                restartCount,
                createdAt,
                startedAt,
                finishedAt);
    }

    /** Something that happened to it, in the life and with the code that were named. */
    public InstanceTransition transition(InstanceTransition.Type type, Instant at) {
        return transition(type, at, null, null, null, null);
    }

    /** A restart that follows. */
    public InstanceTransition restarting(Instant at, int restart, long delayMillis) {
        return transition(InstanceTransition.Type.RESTARTING, at, restart, delayMillis, null, null);
    }

    /** What probes found out. */
    public InstanceTransition probed(
            InstanceTransition.Type type, Instant at, @Nullable Integer failures, @Nullable String reason) {
        return transition(type, at, null, null, failures, reason);
    }

    /** Who its workload is. */
    public WorkloadIdentity identity() {
        return new WorkloadIdentity(
                workload,
                workload.value(),
                workload.value(),
                kind,
                org,
                project,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private InstanceTransition transition(
            InstanceTransition.Type type,
            Instant at,
            @Nullable Integer restart,
            @Nullable Long delayMillis,
            @Nullable Integer failures,
            @Nullable String reason) {
        return new InstanceTransition(
                workload,
                org,
                host,
                containerId,
                index,
                type,
                at,
                startedAt,
                exitCode,
                oomKilled,
                restart,
                delayMillis,
                failures,
                reason,
                null,
                null);
    }
}
