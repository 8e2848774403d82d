package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.lifecycle.probe.HealthChange;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One container as its watcher knows it: its seat, its lives, and what was last published. Confined to its lane. */
final class WatchedContainer {
    /** One that could not be started stays created. */
    private static final Set<String> LISTED_ENDED = Set.of("created", "exited", "dead");

    private final LifeJudge judge;
    private InstanceState state;
    private InstanceState kept;
    private @Nullable ContainerDetails details;
    private boolean published;

    /** The life that probes found unhealthy; null where none is. */
    private @Nullable Instant unhealthyLife;

    /** A container that the catalogue knows; nothing of it was published by this watcher. */
    WatchedContainer(InstanceState last) {
        state = last;
        kept = last;
        judge = new LifeJudge(last);
        unhealthyLife = last.status() == InstanceStatus.UNHEALTHY ? last.startedAt() : null;
    }

    LifeJudge judge() {
        return judge;
    }

    /** What the engine said of it last; null before it was asked. */
    @Nullable
    ContainerDetails details() {
        return details;
    }

    /** The newest state. */
    InstanceState state() {
        return state;
    }

    /** Whether {@link #state} stands on the topic, written by this watcher. */
    boolean published() {
        return published;
    }

    /**
     * Whether a list of containers tells of this one what everybody was told. What it does not tell is a change of its name
     * or its limits, and that a life ended while the next one began.
     *
     * @param listed as {@link ContainerDetails#state}
     */
    boolean isAsListed(String listed) {
        return published
                && switch (state.status()) {
                    case RUNNING, UNHEALTHY -> listed.equals("running");
                    case PAUSED -> listed.equals("paused");
                    case STOPPED, EXITED, CRASHED, FAILED -> LISTED_ENDED.contains(listed);
                    case CREATING, RESTARTING, STOPPING, REMOVED -> false;
                };
    }

    /** What the catalogue has. */
    InstanceState kept() {
        return kept;
    }

    void markKept(InstanceState written) {
        kept = written;
    }

    void markPublished() {
        published = true;
    }

    /** The first life begins; when exactly is not known yet. */
    void starting() {
        state = state.with(InstanceStatus.RUNNING);
        published = false;
    }

    /** Brings the state up to date; null details where the engine cannot be asked or has the container no more. */
    void refresh(@Nullable ContainerDetails now) {
        if (now != null) {
            details = now;
        }
        InstanceState next = next(now);
        if (!next.equals(state)) {
            state = next;
            published = false;
        }
    }

    /** Takes over what probes found out; what is to be told of it. Nothing, where it is of another life, or no news. */
    List<Happening> health(HealthChange change) {
        if (!judge.alive() || !change.lifeStartedAt().equals(judge.startedAt())) {
            return List.of();
        }
        boolean unhealthy = change.kind() == HealthChange.Kind.UNHEALTHY;
        boolean news = unhealthy != change.lifeStartedAt().equals(unhealthyLife);
        unhealthyLife = unhealthy ? change.lifeStartedAt() : null;
        InstanceStatus status = probed(state.status());
        if (status != state.status()) {
            state = state.with(status);
            published = false;
        }
        return news && change.kind() != HealthChange.Kind.UNASKED ? List.of(judge.health(change)) : List.of();
    }

    /** What runs may be unhealthy besides. */
    private InstanceStatus probed(InstanceStatus status) {
        boolean unhealthy = unhealthyLife != null && unhealthyLife.equals(judge.startedAt());
        return switch (status) {
            case RUNNING, UNHEALTHY -> unhealthy ? InstanceStatus.UNHEALTHY : InstanceStatus.RUNNING;
            default -> status;
        };
    }

    private InstanceState next(@Nullable ContainerDetails now) {
        ContainerDetails known = now == null ? details : now;
        boolean alive = judge.alive();
        List<Integer> ports = known == null ? List.of() : known.publishedPorts();
        return new InstanceState(
                state.workload(),
                state.host(),
                state.containerId(),
                known == null ? state.containerName() : known.name(),
                state.index(),
                state.generation(),
                now == null
                                && !alive
                                && !state.status().alive()
                                && known != null
                                && known.state().equals("restarting")
                        ? state.status()
                        : probed(judge.status(now)),
                known == null ? state.image() : known.image(),
                known == null ? state.labels() : known.labels(),
                known == null ? state.tty() : known.tty(),
                alive && known != null ? known.pid() : null,
                ports.isEmpty() ? state.hostPort() : ports.getFirst(),
                known == null ? state.memoryLimitBytes() : known.memoryLimitBytes(),
                judge.exitCode(),
                judge.oomKilled(),
                known == null ? state.restartCount() : known.restartCount(),
                known == null ? state.createdAt() : known.createdAt(),
                judge.startedAt(),
                judge.finishedAt());
    }
}
