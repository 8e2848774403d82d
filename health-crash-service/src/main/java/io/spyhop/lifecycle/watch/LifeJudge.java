package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.crash.OomEvidence;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.lifecycle.probe.HealthChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges the lives of one container: when each began, how it ended, and whether somebody asked for that. A life is open
 * or closed; what is told twice changes nothing, so events may be replayed. The times of what is told rise, so that a
 * reader tells a repeat by its time alone. Confined to the container's lane.
 *
 * <p>An ending was asked for when a kill event with signal 15, 9 or the container's own stop signal came shortly before
 * ({@link Requests}). It was an OOM kill when the code is 137 and an oom event came just before, or where no event came
 * the engine says so of the ended life: 137 alone proves nothing, and an oom event long before was a child's. Of an ending
 * that no event told of it is not known whether somebody asked: codes that a stop gives are called an exit, others a crash.
 *
 * <p>A run of a job is there to end, and its code is its result: it never crashes.
 */
final class LifeJudge {
    /** An event follows what it tells of by milliseconds; a time further off belongs to another life. */
    static final Duration EVENT_LAG_MAX = Duration.ofSeconds(2);

    /** The kernel kills, and the engine tells of both within some 20 ms, in either order; later on a busy machine. */
    static final Duration OOM_DISTANCE_MAX = Duration.ofSeconds(2);

    private static final int SIGNALLED = 128;
    private static final int KILLED = SIGNALLED + Requests.SIGKILL;
    private static final int TERMINATED = SIGNALLED + Requests.SIGTERM;

    /** What an engine notes of a life that ended while the engine was down, as at a reboot. */
    private static final int LOST = 255;

    private final boolean run;
    private boolean alive;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Integer exitCode;
    private boolean oomKilled;
    private InstanceStatus ended;
    private final Requests requests = new Requests();
    private final Backoff backoff = new Backoff();
    private @Nullable Instant oomAt;
    private OomEvidence oomEvidence = OomEvidence.NONE;
    private Instant toldAt;

    /** Restarts that were told since somebody started the container; negative where that is not known. */
    private int restartsTold;

    /** Goes on from what was last published. */
    LifeJudge(InstanceState last) {
        run = last.workload().kind() == Kind.JOB_RUN;
        alive = last.status().alive();
        startedAt = last.startedAt();
        finishedAt = last.finishedAt();
        exitCode = last.exitCode();
        oomKilled = last.oomKilled();
        restartsTold = startedAt == null ? 0 : -1;
        toldAt = Stream.of(startedAt, finishedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        ended = switch (last.status()) {
            case STOPPED, EXITED, CRASHED -> last.status();
            // The verdict is not in the record; a policy restarts what failed.
            case RESTARTING ->
                exitCode == null || exitCode == 0 || run ? InstanceStatus.EXITED : InstanceStatus.CRASHED;
            case RUNNING, CREATING, STOPPING, REMOVED, PAUSED, UNHEALTHY, FAILED -> InstanceStatus.EXITED;
        };
    }

    boolean alive() {
        return alive;
    }

    @Nullable
    Instant startedAt() {
        return startedAt;
    }

    @Nullable
    Instant finishedAt() {
        return finishedAt;
    }

    @Nullable
    Integer exitCode() {
        return exitCode;
    }

    boolean oomKilled() {
        return oomKilled;
    }

    /** What was known of a want of memory when the last ended life ended. */
    OomEvidence oomEvidence() {
        return oomEvidence;
    }

    /** A signal was sent through the engine. */
    void signalled(int signal, Instant at) {
        if (!isBeforeLife(at)) {
            requests.sent(signal, at);
        }
    }

    /** The kernel killed some process of the container. */
    void ranOutOfMemory(Instant at) {
        if (alive && !isBeforeLife(at)) {
            oomAt = at;
        }
    }

    /** Whether an end with this code would be an OOM kill if only an oom event told so. */
    boolean lacksOom(@Nullable Integer code, Instant end) {
        return alive && code != null && code == KILLED && oomAt == null && !requests.askedFor(end);
    }

    /**
     * The container was started.
     *
     * @param now the container after the event, null where it is gone or cannot be asked
     */
    List<Happening> started(Instant eventAt, @Nullable ContainerDetails now) {
        learn(now);
        Instant exact = near(now == null ? null : now.startedAt(), eventAt);
        if (isOpenedBy(eventAt, exact)) {
            requests.forgetBefore(startedAt == null ? eventAt : startedAt);
            return List.of();
        }
        Instant at = exact == null ? eventAt : exact;
        return startedAt != null && !at.isAfter(startedAt) ? List.of() : opened(at, now);
    }

    /**
     * The first process ended.
     *
     * @param code of the event
     * @param now the container after the event, null where it is gone or cannot be asked
     */
    List<Happening> died(Instant eventAt, @Nullable Integer code, @Nullable ContainerDetails now) {
        learn(now);
        List<Happening> happenings = new ArrayList<>();
        Instant newest = now == null ? null : now.startedAt();
        if (newest != null && !newest.isAfter(eventAt) && (startedAt == null || newest.isAfter(startedAt))) {
            happenings.addAll(opened(newest, now));
        }
        if (!alive || (startedAt != null && eventAt.isBefore(startedAt))) {
            return happenings;
        }
        Integer exit = code == null && now != null ? now.exitCode() : code;
        OomEvidence memory = evidence(eventAt, exit, now);
        // By the event's time, which is the same whether the engine can be asked or not, and at a replay.
        happenings.add(closed(verdict(exit, memory.killed(), eventAt), eventAt, exit, memory));
        return happenings;
    }

    /** The engine was asked after the end had been told. */
    void askedAfterEnd(ContainerDetails now) {
        if (!alive && !now.alive() && !isNewer(now.startedAt())) {
            oomEvidence = oomEvidence.withInspect(now.oomKilled());
        }
    }

    /** Whether a start is that of a later life than the one that is known last. */
    boolean isBefore(@Nullable Instant start) {
        return startedAt != null && start != null && start.isAfter(startedAt);
    }

    /**
     * The engine is about to restart the container whose ending was told last.
     *
     * @param restart which restart it seems to be, by the engine's count
     * @param counted the engine's count, which may have gone on since the ending
     */
    Happening restarting(int restart, int counted) {
        // Endings are told one after the other. Where that gives more than the engine counts, it has begun anew.
        boolean follows = restartsTold >= 0 && restartsTold < counted;
        restartsTold = follows ? restartsTold + 1 : restart;
        Instant end = finishedAt == null ? toldAt : finishedAt;
        Duration life = startedAt == null ? null : Duration.between(startedAt, end);
        return new Happening(
                InstanceTransition.Type.RESTARTING,
                rising(end),
                startedAt,
                exitCode,
                oomKilled,
                restartsTold,
                backoff.before(restartsTold, life));
    }

    /** The engine gave up restarting because it was told to: the backoff ends in a stop. */
    void stoppedInBackoff() {
        if (!alive && startedAt != null) {
            ended = InstanceStatus.STOPPED;
        }
    }

    /** Whether {@link #found} would tell of an ending: then an event that tells more may be on its way. */
    boolean wouldClose(ContainerDetails now) {
        return alive ? !now.alive() || isNewer(now.startedAt()) : !now.alive() && isNewer(now.startedAt());
    }

    /**
     * The container as a comparison found it, without events.
     *
     * @param watchedSince endings before this are history: nobody wants to hear of a crash then
     */
    List<Happening> found(ContainerDetails now, Instant watchedSince) {
        boolean known = alive;
        learn(now);
        List<Happening> happenings = new ArrayList<>();
        Instant newest = now.startedAt();
        if (newest != null && isNewer(newest)) {
            happenings.addAll(opened(newest, now));
        }
        if (alive && !now.alive()) {
            Integer exit = now.exitCode();
            Instant at = now.finishedAt() == null || isBeforeLife(now.finishedAt()) ? startedAt : now.finishedAt();
            Instant end = at == null ? now.createdAt() : at;
            OomEvidence memory = evidence(end, exit, now);
            boolean recent = known || !end.isBefore(watchedSince);
            happenings.add(closed(
                    recent ? verdictWithoutEvents(exit, memory.killed(), end) : InstanceTransition.Type.EXITED,
                    end,
                    exit,
                    memory));
        }
        return happenings;
    }

    /** The container is no longer there. */
    List<Happening> gone(Instant at) {
        List<Happening> happenings = new ArrayList<>();
        if (alive) {
            happenings.add(closed(InstanceTransition.Type.EXITED, at, null, OomEvidence.NONE));
        }
        happenings.add(new Happening(InstanceTransition.Type.REMOVED, rising(at), startedAt, null, false));
        return happenings;
    }

    /** Its health changed in the present life. */
    Happening health(HealthChange change) {
        InstanceTransition.Type type = change.kind() == HealthChange.Kind.UNHEALTHY
                ? InstanceTransition.Type.UNHEALTHY
                : InstanceTransition.Type.HEALTHY;
        return new Happening(
                type, rising(change.at()), startedAt, null, false, null, null, change.failures(), change.reason());
    }

    /** What the instance's status is. */
    InstanceStatus status(@Nullable ContainerDetails now) {
        String engine = now == null ? "" : now.state();
        if (alive) {
            return engine.equals("paused") ? InstanceStatus.PAUSED : InstanceStatus.RUNNING;
        }
        if (engine.equals("restarting")) {
            return InstanceStatus.RESTARTING;
        }
        if (startedAt == null) {
            // A command that cannot be run: the engine tells of no start and no end, but keeps a code.
            boolean failed = now != null && now.exitCode() != null && now.exitCode() != 0;
            return failed ? InstanceStatus.FAILED : InstanceStatus.CREATING;
        }
        return ended;
    }

    private InstanceTransition.Type verdict(@Nullable Integer exit, boolean oom, Instant end) {
        InstanceTransition.Type failed = run ? InstanceTransition.Type.EXITED : InstanceTransition.Type.CRASHED;
        if (oom && !requests.killed(end)) {
            return failed;
        }
        if (requests.askedFor(end)) {
            return InstanceTransition.Type.STOPPED;
        }
        return exit == null || exit == 0 ? InstanceTransition.Type.EXITED : failed;
    }

    private InstanceTransition.Type verdictWithoutEvents(@Nullable Integer exit, boolean oom, Instant end) {
        boolean mayBeStop = exit != null && (exit == KILLED || exit == TERMINATED || exit == LOST);
        return mayBeStop && !oom && !requests.askedFor(end) ? InstanceTransition.Type.EXITED : verdict(exit, oom, end);
    }

    /** What each witness says; a container that lives again says nothing of its former life. */
    private OomEvidence evidence(Instant end, @Nullable Integer exit, @Nullable ContainerDetails now) {
        Boolean inspected = (now == null || now.alive()) ? null : Boolean.valueOf(now.oomKilled());
        boolean byEvent = oomAt != null && Duration.between(oomAt, end).abs().compareTo(OOM_DISTANCE_MAX) <= 0;
        boolean byInspect = oomAt == null && Boolean.TRUE.equals(inspected) && !requests.askedFor(end);
        boolean killed = exit != null && exit == KILLED && (byEvent || byInspect);
        String witness = byEvent ? "event" : "inspect";
        return new OomEvidence(killed, killed ? witness : null, oomAt, inspected, null);
    }

    private List<Happening> opened(Instant at, @Nullable ContainerDetails now) {
        List<Happening> happenings = new ArrayList<>();
        if (alive) {
            // Its end went by unseen. A running container still knows when its former life ended.
            Instant end = now == null || !now.alive() ? null : now.finishedAt();
            boolean between = end != null && !isBeforeLife(end) && !end.isAfter(at);
            happenings.add(
                    closed(InstanceTransition.Type.EXITED, end != null && between ? end : at, null, OomEvidence.NONE));
        }
        alive = true;
        startedAt = at;
        forgetEvidence();
        happenings.add(new Happening(InstanceTransition.Type.STARTED, rising(at), at, null, false));
        return happenings;
    }

    private Happening closed(InstanceTransition.Type how, Instant at, @Nullable Integer exit, OomEvidence memory) {
        alive = false;
        finishedAt = at;
        exitCode = exit;
        oomEvidence = memory;
        oomKilled = memory.killed();
        ended = switch (how) {
            case STOPPED -> InstanceStatus.STOPPED;
            case CRASHED -> InstanceStatus.CRASHED;
            case EXITED, STARTED, RESTARTING, UNHEALTHY, HEALTHY, REMOVED, NOTE, UNKNOWN -> InstanceStatus.EXITED;
        };
        forgetEvidence();
        return new Happening(how, rising(at), startedAt, exit, oomKilled);
    }

    /** Two happenings of a container never bear the same time, nor a later one an earlier time. */
    private Instant rising(Instant at) {
        toldAt = at.isAfter(toldAt) ? at : toldAt.plusNanos(1);
        return toldAt;
    }

    private void learn(@Nullable ContainerDetails now) {
        if (now != null) {
            requests.learn(now);
        }
    }

    private void forgetEvidence() {
        requests.forget();
        oomAt = null;
    }

    /** Whether a start event tells of the newest known life. */
    private boolean isOpenedBy(Instant eventAt, @Nullable Instant exact) {
        if (startedAt == null || startedAt.equals(exact)) {
            return startedAt != null;
        }
        boolean shortlyBefore =
                !startedAt.isAfter(eventAt) && !startedAt.plus(EVENT_LAG_MAX).isBefore(eventAt);
        boolean endedSince = finishedAt != null && !finishedAt.isBefore(startedAt) && !finishedAt.isAfter(eventAt);
        return exact == null && shortlyBefore && !endedSince;
    }

    private boolean isNewer(@Nullable Instant start) {
        return start != null && (startedAt == null || start.isAfter(startedAt));
    }

    private boolean isBeforeLife(Instant at) {
        return startedAt != null && at.isBefore(startedAt);
    }

    /** A time that the engine gives with the container, if it is the event's: at most the lag before it. */
    private static @Nullable Instant near(@Nullable Instant given, Instant eventAt) {
        boolean near = given != null
                && !given.isAfter(eventAt)
                && !given.plus(EVENT_LAG_MAX).isBefore(eventAt);
        return near ? given : null;
    }
}
