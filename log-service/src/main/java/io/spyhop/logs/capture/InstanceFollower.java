package io.spyhop.logs.capture;

import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogUnreadableException;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.number.EpochNanos;
import io.spyhop.logs.number.Line;
import io.spyhop.logs.number.OwnershipLostException;
import io.spyhop.logs.number.StreamCursor;
import io.spyhop.logs.number.WorkloadLog;
import io.spyhop.logs.store.Ownership;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
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
 * <p>A broken connection is opened again; a lost ownership ends it, for the workload is then taken over anew.
 */
final class InstanceFollower {
    private static final Logger LOGGER = LoggerFactory.getLogger(InstanceFollower.class);

    private final String containerId;
    private final WorkloadLog log;
    private final Function<String, ContainerEngine> engines;
    private final BooleanSupplier severalInstances;
    private final Runnable onEnded;
    private final LogMetrics metrics;

    private final StreamCursor system;
    private final StreamCursor stdout;
    private final StreamCursor stderr;
    private final RepeatFilter stdoutFilter;
    private final RepeatFilter stderrFilter;

    private volatile @Nullable InstanceState state;
    private volatile @Nullable Instant endedLife;
    private volatile boolean stopped;
    private volatile boolean reading;
    private volatile long progressAt = System.nanoTime();
    private volatile @Nullable Instant hintedStart;
    private @Nullable Thread reader;
    private volatile @Nullable LogStream open;

    // Used by the reader only.
    private @Nullable Instant startPending;
    private long startBoundary;
    private long repeated;

    InstanceFollower(
            String containerId,
            Ownership ownership,
            WorkloadLog log,
            Function<String, ContainerEngine> engines,
            BooleanSupplier severalInstances,
            Runnable onEnded,
            LogMetrics metrics) {
        this.containerId = containerId;
        this.log = log;
        this.engines = engines;
        this.severalInstances = severalInstances;
        this.onEnded = onEnded;
        this.metrics = metrics;
        this.system = new StreamCursor(ownership.position(containerId, Stream.SYSTEM));
        this.stdout = new StreamCursor(ownership.position(containerId, Stream.STDOUT));
        this.stderr = new StreamCursor(ownership.position(containerId, Stream.STDERR));
        this.stdoutFilter = new RepeatFilter(stdout);
        this.stderrFilter = new RepeatFilter(stderr);
    }

    /** The newest state; starts reading when a life began whose output has not ended. Called by one thread. */
    void update(InstanceState newest) {
        state = newest;
        Instant life = newest.startedAt();
        if (stopped || reading || life == null || outputEnded(life)) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("follow-" + containerId).unstarted(() -> read(newest, life));
        reader = thread;
        reading = true;
        thread.start();
    }

    /** Whether its log is being read. */
    boolean following() {
        return reading;
    }

    /** Whether all output of a life has been appended. */
    boolean outputEnded(Instant life) {
        Instant ended = endedLife;
        return ended != null && !ended.isBefore(life);
    }

    /**
     * The time of an ending as it is written. Docker tells of a start after it happened, sometimes after the end of a life
     * of a few milliseconds; where the start bears the event's time, its end comes right after it.
     */
    Instant endingAt(Instant at) {
        Instant start = hintedStart;
        return start == null || at.isAfter(start) ? at : start.plusNanos(1);
    }

    /** How long no line has come. */
    long quietNanos() {
        return System.nanoTime() - progressAt;
    }

    /** Ends the reading; returns when nothing more is appended. */
    void stop() throws InterruptedException {
        stopped = true;
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
     * Appends a system line of this container, unless it or a later one is stored.
     *
     * @param stored run once it is stored; at once where it is already
     */
    synchronized void system(String text, Instant at, @Nullable String fields, Runnable stored) {
        long atNanos = EpochNanos.of(at);
        if (atNanos <= system.lastAt()) {
            stored.run();
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.appendSystem(
                new Line(Stream.SYSTEM, atNanos, index(), bytes, 0, bytes.length, false), system, fields, stored);
    }

    private void read(InstanceState first, Instant firstLife) {
        Instant life = firstLife;
        Instant formerEnd = first.finishedAt();
        boolean formerUnread = endedLife == null && formerEnd != null && formerEnd.isBefore(life);
        // Only a record has the process number: without it, the start is the time of the engine's event.
        hintedStart = first.pid() == null ? life : null;
        startPending = life;
        startBoundary = formerUnread && formerEnd != null ? EpochNanos.of(formerEnd) : Long.MIN_VALUE;
        try {
            while (!stopped) {
                Instant next = readOnce(first, life);
                if (next == null) {
                    endedLife = life;
                    return;
                }
                if (next.isAfter(life)) {
                    endedLife = life;
                    life = next;
                    hintedStart = null;
                    startPending = next;
                    startBoundary = Long.MIN_VALUE;
                }
            }
        } catch (OwnershipLostException e) {
            log.fail();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reading = false;
            onEnded.run();
        }
    }

    /** Reads to the stream's end; the start of the life to go on with, null when all output was read. */
    private @Nullable Instant readOnce(InstanceState instance, Instant life) throws InterruptedException {
        stdoutFilter.resume();
        stderrFilter.resume();
        repeated = 0;
        try {
            ContainerEngine engine = engines.apply(instance.host());
            try (LogStream stream = engine.logs(new LogRequest(containerId, instance.tty(), since(), true))) {
                open = stream;
                if (stopped) {
                    return life;
                }
                if (startBoundary == Long.MIN_VALUE) {
                    writeStart();
                }
                stream.read(this::line);
            } finally {
                open = null;
                metrics.repeated(repeated);
            }
            writeStart();
            return stopped ? life : lifeAfterEnd(engine, life);
        } catch (ContainerGoneException e) {
            return null;
        } catch (LogUnreadableException e) {
            LOGGER.atWarn()
                    .addKeyValue("workload", log.workload())
                    .addKeyValue("error", e.getMessage())
                    .log("A container's log cannot be read.");
            return null;
        } catch (EngineException e) {
            LOGGER.atDebug().addKeyValue("workload", log.workload()).setCause(e).log("A follow broke.");
            pause();
            return lifeAfterBreak(instance.host(), life);
        }
    }

    /** An engine that was away may have ended the life and begun another, whose start must be told too. */
    private Instant lifeAfterBreak(String host, Instant life) {
        try {
            Instant newest = engines.apply(host)
                    .inspect(containerId)
                    .map(ContainerDetails::startedAt)
                    .orElse(life);
            return newest.isAfter(life) ? newest : life;
        } catch (EngineException e) {
            return life;
        }
    }

    /** The engine does not say why a follow ended, so it is asked what is. */
    private @Nullable Instant lifeAfterEnd(ContainerEngine engine, Instant life) throws InterruptedException {
        Optional<ContainerDetails> details = engine.inspect(containerId);
        Instant newest = details.map(ContainerDetails::startedAt).orElse(null);
        if (newest == null) {
            return null;
        }
        if (newest.isAfter(life)) {
            return newest;
        }
        if (details.get().alive()) {
            pause();
            return life;
        }
        return null;
    }

    private void line(boolean isStderr, long atNanos, byte[] bytes, int offset, int length, boolean partial)
            throws InterruptedException {
        progressAt = System.nanoTime();
        if (!(isStderr ? stderrFilter : stdoutFilter).isNew(atNanos, bytes, offset, length)) {
            repeated++;
            return;
        }
        if (startPending != null && atNanos > startBoundary) {
            writeStart();
        }
        log.append(
                new Line(isStderr ? Stream.STDERR : Stream.STDOUT, atNanos, index(), bytes, offset, length, partial),
                isStderr ? stderr : stdout);
    }

    /** Says once for each life that it began. */
    private void writeStart() {
        Instant life = startPending;
        if (life != null) {
            startPending = null;
            system(SystemText.STARTED, life, null, () -> {});
        }
    }

    private int index() {
        InstanceState instance = state;
        return instance != null && severalInstances.getAsBoolean() ? instance.index() : -1;
    }

    /** A little before the newest stored line: the engine may hand out the two streams out of order. */
    private long since() {
        long newest = Math.max(stdout.lastAt(), stderr.lastAt());
        return newest == 0 ? 0 : Math.max(1, newest - LogLimits.RESUME_OVERLAP.toNanos());
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(LogLimits.RETRY_PAUSE);
    }
}
