package io.spyhop.logs.capture;

import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.LogGap;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogUnreadableException;
import io.spyhop.engine.LogWay;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.number.EpochNanos;
import io.spyhop.logs.number.Line;
import io.spyhop.logs.number.OwnershipLostException;
import io.spyhop.logs.number.StreamCursor;
import io.spyhop.logs.number.WorkloadLog;
import io.spyhop.logs.store.Ownership;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one container under one ownership of its workload: opens its log where it is stored, drops what is stored, and
 * appends the rest. Reads on a virtual thread of its own, from the first life it hears of until a life's output has ended
 * and no newer one began; then {@link #update} starts it again.
 *
 * <p>Only the workload's reconciler writes the lines of transitions. The reader keeps its output in order with them: the
 * first line of a life waits until its start is written, and {@link #reached} tells which output has been appended. The
 * reader itself writes the lines of {@link GapLines}, each where the hole is.
 *
 * <p>A broken connection is opened again; a lost ownership ends it, for the workload is then taken over anew.
 */
final class InstanceFollower {
    private static final Logger LOGGER = LoggerFactory.getLogger(InstanceFollower.class);

    /** No line is older. */
    private static final long FROM_THE_FIRST_LINE = Long.MIN_VALUE;

    private static final CaptureWays BY_FILE = new CaptureWays(1, 0);
    private static final CaptureWays BY_API = new CaptureWays(0, 1);

    private final String containerId;
    private final WorkloadLog log;
    private final Function<String, ContainerEngine> engines;
    private final BooleanSupplier severalInstances;
    private final Runnable wakeReconciler;
    private final LogMetrics metrics;
    private final LogSink sink = new Sink();

    private final StreamCursor system;
    private final ResumePoint point;
    private final GapLines gaps;

    private volatile @Nullable InstanceState state;
    private volatile boolean stopped;
    private volatile boolean reading;
    private volatile boolean startRefused;
    private volatile long progressAt = System.nanoTime();
    private volatile @Nullable LogStream open;
    private @Nullable Thread reader;
    private @Nullable Instant begunFor;

    // The check of a follow that is silent. A follow that it closes has not ended.
    private volatile long seenAt;
    private volatile boolean stalled;
    private @Nullable Thread checker;
    private long checkedAt = System.nanoTime();

    // How far the output has been appended: all of the lives up to the ended one, and of those before the present one.
    private volatile @Nullable Instant endedLife;
    private volatile @Nullable Instant presentLife;

    // Lives that began before this, and after the ended one, came and went unseen: their output is still to be read.
    private volatile Instant skippedTo = Instant.MIN;

    // The first lines of a life wait for a system line of its start, or a later one.
    private final Semaphore systemWritten = new Semaphore(0);
    private volatile long systemAt;

    // Used by the reader only. The life is null while it is known only that the first one begins.
    private @Nullable Instant life;
    private boolean startAwaited;
    private long lifeBoundary;
    private long repeated;

    InstanceFollower(
            String containerId,
            Ownership ownership,
            WorkloadLog log,
            BooleanSupplier severalInstances,
            Runnable wakeReconciler,
            CaptureContext context) {
        this.containerId = containerId;
        this.log = log;
        this.engines = context.engines();
        this.severalInstances = severalInstances;
        this.wakeReconciler = wakeReconciler;
        this.metrics = context.metrics();
        this.system = new StreamCursor(ownership.position(containerId, Stream.SYSTEM));
        this.systemAt = system.lastAt();
        this.point = new ResumePoint(containerId, ownership, context.backfillBytes());
        this.gaps = new GapLines(ownership.position(GapLines.positionOf(containerId), Stream.SYSTEM));
        this.seenAt = point.lastAt();
    }

    /** The newest state; starts reading when a life began whose output has not ended. Called by the reconciler. */
    void update(InstanceState newest) {
        state = newest;
        Instant started = newest.startedAt();
        boolean unread = started == null ? mayStart(newest.status()) && endedLife == null : isUnread(started);
        if (stopped || reading || !unread) {
            return;
        }
        begunFor = started;
        Thread thread = Thread.ofVirtual().name("follow-" + containerId).unstarted(() -> read(newest));
        reader = thread;
        reading = true;
        thread.start();
    }

    /** Also a life that began before the ended one, after the clock was set back: once, for it may be news of long ago. */
    private boolean isUnread(Instant started) {
        Instant ended = endedLife;
        return ended == null
                || started.isAfter(ended)
                || (started.isBefore(ended) && !ended.equals(Instant.MAX) && !started.equals(begunFor));
    }

    private boolean mayStart(InstanceStatus status) {
        return status.alive() || (status == InstanceStatus.CREATING && !startRefused);
    }

    /** Whether its log is being read. */
    boolean following() {
        return reading;
    }

    /** Counts its log with those of its host, if it is open. */
    void countWay(Map<String, CaptureWays> ways) {
        LogStream stream = open;
        InstanceState instance = state;
        if (stream != null && instance != null) {
            CaptureWays one = stream.way() == LogWay.FILE ? BY_FILE : BY_API;
            ways.merge(instance.host(), one, CaptureWays::plus);
        }
    }

    /** Whether all output that belongs before a transition has been appended; false too while that cannot be known. */
    boolean reached(InstanceTransition transition) {
        Instant of = transition.lifeStartedAt();
        if (of == null || outputEnded(of) || tellsOfALife(transition.type())) {
            return true;
        }
        Instant present = presentLife;
        if (transition.type() == InstanceTransition.Type.STARTED) {
            return reading ? present != null && !present.isBefore(of) : endedLife != null;
        }
        // Instant.MAX stands for a first life without a name: that may be the one that ended.
        return present != null
                && present.isAfter(of)
                && !present.equals(Instant.MAX)
                && (!of.isBefore(skippedTo) || seenAt > EpochNanos.of(transition.at()));
    }

    /** Whether something happened within a life, so that output goes on around it. */
    private static boolean tellsOfALife(InstanceTransition.Type type) {
        return type == InstanceTransition.Type.UNHEALTHY || type == InstanceTransition.Type.HEALTHY;
    }

    /** How long no line has come. */
    long quietNanos() {
        return System.nanoTime() - progressAt;
    }

    /**
     * Looks whether the engine has lines that its follow does not bring: follows through the API have stalled at rotations
     * in several versions of Docker, and leave out what is older than where they began, once the clock is set back. One short
     * request for each so long a silence. Called by the reconciler.
     */
    void checkSilence(Duration silence) {
        LogStream followed = open;
        InstanceState instance = state;
        long now = System.nanoTime();
        long since = Math.max(checkedAt, progressAt);
        if (followed == null || instance == null || followed.way() == LogWay.FILE || now - since < silence.toNanos()) {
            return;
        }
        checkedAt = now;
        checker = Thread.ofVirtual().name("check-" + containerId).start(() -> {
            if (hasMore(instance) && followed.equals(open) && progressAt < now) {
                LOGGER.atDebug().addKeyValue("workload", log.workload()).log("A follow brings nothing any more.");
                metrics.stalled();
                stalled = true;
                followed.close();
            }
        });
    }

    private boolean hasMore(InstanceState instance) {
        try {
            long newest = ResumePoint.newestAt(engines.apply(instance.host()), containerId, instance.tty());
            return newest != 0 && newest != seenAt;
        } catch (EngineException e) {
            LOGGER.atTrace().setCause(e).log("A follow cannot be checked.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Ends the reading; returns when nothing more is appended. */
    void stop() throws InterruptedException {
        stopped = true;
        Thread check = checker;
        if (check != null) {
            check.interrupt();
        }
        LogStream stream = open;
        if (stream != null) {
            stream.close();
        }
        Thread thread = reader;
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    /**
     * Appends a system line of this container, unless it or a later one is stored: the times of a container's transitions
     * rise. Called by the reconciler.
     *
     * @param stored run once it is stored; at once where it is already
     * @return the line's number; negative where it is stored already
     */
    long system(String text, Instant at, @Nullable String fields, Runnable stored) {
        long atNanos = EpochNanos.of(at);
        if (atNanos <= system.lastAt()) {
            stored.run();
            return -1;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long number = log.appendSystem(
                new Line(Stream.SYSTEM, atNanos, index(), bytes, 0, bytes.length, false), system, fields, stored);
        systemAt = atNanos;
        systemWritten.release();
        return number;
    }

    private void read(InstanceState first) {
        Instant former = first.finishedAt();
        Instant started = first.startedAt();
        boolean formerUnread = endedLife == null && former != null && started != null && former.isBefore(started);
        expect(started, formerUnread ? former : null);
        try {
            boolean again = false;
            while (!stopped && readOnce(first, again)) {
                again = true;
            }
        } catch (OwnershipLostException e) {
            log.fail();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            presentLife = null;
            reading = false;
            wakeReconciler.run();
        }
    }

    /**
     * A life begins.
     *
     * @param start null where only that is known; it is the first one then
     * @param formerEnd when the life before ended, if its output may still come; null where only this one's comes
     */
    private void expect(@Nullable Instant start, @Nullable Instant formerEnd) {
        life = start;
        startAwaited = true;
        if (start == null || formerEnd == null) {
            lifeBoundary = FROM_THE_FIRST_LINE;
            presentLife = start == null ? Instant.MAX : start;
        } else {
            lifeBoundary = EpochNanos.of(ContainerDetails.outputBoundary(formerEnd, start));
        }
    }

    /** Reads to the stream's end; whether there is more to read. */
    private boolean readOnce(InstanceState instance, boolean again) throws InterruptedException {
        repeated = 0;
        stalled = false;
        try {
            ContainerEngine engine = engines.apply(instance.host());
            if (instance.status() == InstanceStatus.CREATING && !again && !engine.awaitsStart(containerId)) {
                startRefused = true;
                return false;
            }
            try (LogStream stream = engine.logs(point.resume(engine, instance.tty()))) {
                gaps.opened(stream.way() == LogWay.API, point.lastAt(), point.gone());
                seenAt = point.lastAt();
                progressAt = System.nanoTime();
                open = stream;
                if (stopped) {
                    return false;
                }
                metrics.opened(stream.way());
                if (again) {
                    // Looked at after the opening: a life that begins later ends the stream.
                    engine.inspect(containerId).ifPresent(this::compareLife);
                }
                stream.read(sink);
                if (!stopped && !stalled) {
                    write(gaps.atEnd());
                }
            } finally {
                open = null;
                metrics.repeated(repeated);
            }
            return !stopped && livesOn(engine);
        } catch (ContainerGoneException e) {
            endedLife = Instant.MAX;
            return false;
        } catch (LogUnreadableException e) {
            LOGGER.atWarn()
                    .addKeyValue("workload", log.workload())
                    .addKeyValue("error", e.getMessage())
                    .log("A container's log cannot be read.");
            if (life != null) {
                awaitStart();
                write(gaps.unreadable(EpochNanos.of(life)));
            }
            endedLife = life == null ? Instant.MAX : life;
            return false;
        } catch (EngineException e) {
            LOGGER.atDebug().addKeyValue("workload", log.workload()).setCause(e).log("A follow broke.");
            pause();
            return true;
        }
    }

    private void compareLife(ContainerDetails details) {
        Instant newest = details.startedAt();
        if (newest != null && isAnother(newest, details)) {
            expect(newest, details.alive() ? details.finishedAt() : newest);
        }
    }

    /** Whether a start is not that of the life that is read. The first one may be read before it has a name. */
    private boolean isAnother(Instant newest, ContainerDetails details) {
        if (life != null) {
            return newest.isAfter(life);
        }
        Instant formerEnd = details.alive() ? details.finishedAt() : null;
        return formerEnd != null && formerEnd.isBefore(newest);
    }

    /** The engine does not say why a follow ended, so it is asked what is. */
    private boolean livesOn(ContainerEngine engine) throws InterruptedException {
        Optional<ContainerDetails> found = engine.inspect(containerId);
        if (found.isEmpty()) {
            endedLife = Instant.MAX;
            return false;
        }
        ContainerDetails details = found.get();
        Instant newest = details.startedAt();
        if (newest == null) {
            return false;
        }
        Instant formerEnd = details.alive() ? details.finishedAt() : null;
        if (isAnother(newest, details)) {
            endedLife = life == null ? formerEnd : life;
            skippedTo = newest;
            expect(newest, null);
            return true;
        }
        life = newest;
        if (details.alive()) {
            presentLife = newest;
            pause();
            return true;
        }
        endedLife = newest;
        return false;
    }

    private boolean outputEnded(Instant of) {
        Instant ended = endedLife;
        return ended != null && !ended.isBefore(of);
    }

    /** Takes what the reader reads. */
    private final class Sink implements LogSink {
        @Override
        public void line(boolean isStderr, long atNanos, byte[] bytes, int offset, int length, boolean partial)
                throws InterruptedException {
            progressAt = System.nanoTime();
            seenAt = atNanos;
            if (!point.filter(isStderr).isNew(atNanos, bytes, offset, length)) {
                repeated++;
                gaps.repeated(atNanos);
                if (startAwaited && atNanos > lifeBoundary && life != null && !life.equals(presentLife)) {
                    // A line of it is stored: so is everything that the lives before it wrote.
                    presentLife = life;
                    wakeReconciler.run();
                }
                return;
            }
            if (startAwaited && atNanos > lifeBoundary) {
                awaitStart();
            }
            write(gaps.before(atNanos));
            log.append(
                    new Line(
                            isStderr ? Stream.STDERR : Stream.STDOUT, atNanos, index(), bytes, offset, length, partial),
                    point.cursor(isStderr));
        }

        @Override
        public void gap(LogGap gap) {
            gaps.found(gap);
        }
    }

    private void write(GapLines.@Nullable Gap gap) {
        if (gap != null) {
            metrics.gap();
            byte[] bytes = gap.text().getBytes(StandardCharsets.UTF_8);
            var _ = log.appendSystem(
                    new Line(Stream.SYSTEM, gap.atNanos(), index(), bytes, 0, bytes.length, false),
                    gaps.cursor(),
                    gap.fields(),
                    () -> {});
        }
    }

    /** Waits until the start of the life is written; not for ever, for its watcher may be away. */
    private void awaitStart() throws InterruptedException {
        Instant start = life;
        if (start != null) {
            presentLife = start;
        }
        wakeReconciler.run();
        long wanted = start == null ? 1 : EpochNanos.of(start);
        long until = System.nanoTime() + LogLimits.START_PATIENCE.toNanos();
        while (systemAt < wanted && !stopped && !log.failed()) {
            if (!systemWritten.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                break;
            }
        }
        startAwaited = false;
        progressAt = System.nanoTime();
    }

    private int index() {
        InstanceState instance = state;
        return instance != null && severalInstances.getAsBoolean() ? instance.index() : -1;
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(LogLimits.RETRY_PAUSE);
    }
}
