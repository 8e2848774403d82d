package io.spyhop.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One container, as inspected. Immutable.
 *
 * @param id the full id
 * @param name without the leading slash
 * @param image as it was given when the container was created
 * @param state Docker's state: {@code created running paused restarting removing exited dead}
 * @param tty whether the log is one raw stream
 * @param logDriver such as {@code json-file}
 * @param pid of the first process; null while none lives
 * @param exitCode of the last ended life; null before the first end and, because engines forget it, while a new life runs
 * @param startedAt of the newest life; null before the first
 * @param finishedAt of the last ended life; null before the first end. A running container keeps that of its former life
 * @param publishedPorts TCP ports of the host, ascending; engines know them while a process lives
 * @param memoryLimitBytes null where none is set
 * @param stopSignal the number of the signal that asks the container to stop; null where it is the usual SIGTERM
 * @param setup how the container was set up, as far as only forensics want to know
 */
public record ContainerDetails(
        String id,
        String name,
        String image,
        String state,
        Map<String, String> labels,
        boolean tty,
        String logDriver,
        @Nullable Long pid,
        @Nullable Integer exitCode,
        boolean oomKilled,
        int restartCount,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<Integer> publishedPorts,
        @Nullable Long memoryLimitBytes,
        @Nullable Integer stopSignal,
        ContainerSetup setup) {
    /** Copies labels and ports. */
    public ContainerDetails {
        labels = Map.copyOf(labels);
        publishedPorts = List.copyOf(publishedPorts);
    }

    /**
     * The time that parts the output of two lives. The engine notes an end before it has read the last lines, and a start
     * after the process may have written (both by milliseconds, moby 20.10): the time to make a process lies between.
     *
     * @param formerEnd null where it is not known
     * @param start of the later life
     */
    public static Instant outputBoundary(@Nullable Instant formerEnd, Instant start) {
        return formerEnd == null || formerEnd.isAfter(start)
                ? start
                : formerEnd.plus(Duration.between(formerEnd, start).dividedBy(2));
    }

    /** Whether a process lives in the container. */
    public boolean alive() {
        return state.equals("running") || state.equals("paused");
    }
}
