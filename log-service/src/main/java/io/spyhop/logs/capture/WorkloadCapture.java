package io.spyhop.logs.capture;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.number.OwnershipLostException;
import io.spyhop.logs.number.SealedBatch;
import io.spyhop.logs.number.WorkloadLog;
import io.spyhop.logs.store.Ownership;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures one workload that this replica owns. A reconciler on a virtual thread: takes the workload over, then compares
 * the instances that it was told of with the followers that run and the transitions that wait, and acts on the difference;
 * woken by changes and by a timer. Lines that are sent, not read from an engine, have a reader of their own beside the followers. When the ownership fails, everything is dropped and it begins again: the restart path
 * is the normal path.
 */
final class WorkloadCapture {
    private static final Logger LOGGER = LoggerFactory.getLogger(WorkloadCapture.class);
    private static final Duration PENDING_CHECK = Duration.ofMillis(20);

    private final WorkloadId workload;
    private final CaptureContext context;
    private final Map<String, InstanceState> instances = new ConcurrentHashMap<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<PendingTransition> arrived = new ConcurrentLinkedQueue<>();
    private final IngestQueue ingest = new IngestQueue();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean owned;
    private volatile boolean several;
    private volatile boolean ingesting;
    private volatile int waitingCount;
    private volatile Map<String, InstanceFollower> followed = Map.of();

    // Used by the reconciler only.
    private final List<PendingTransition> pending = new ArrayList<>();
    private final Map<String, InstanceFollower> followers = new HashMap<>();

    WorkloadCapture(WorkloadId workload, CaptureContext context) {
        this.workload = workload;
        this.context = context;
        this.thread = Thread.ofVirtual().name("capture-" + workload).unstarted(this::run);
    }

    WorkloadId workload() {
        return workload;
    }

    void start() {
        thread.start();
    }

    /** An instance appeared or changed. */
    void changed(InstanceState instance) {
        instances.put(instance.containerId(), instance);
        wake.release();
    }

    /** A container is gone; what it wrote is still read to its end. */
    void removed(String containerId) {
        gone.add(containerId);
        wake.release();
    }

    /** Something happened that wants a system line. */
    void happened(PendingTransition transition) {
        arrived.add(transition);
        wake.release();
    }

    /** Lines came that are not from an engine. */
    void ingested(PendingIngest lines) {
        ingest.add(lines);
        if (!ingesting) {
            wake.release();
        }
    }

    /** Ends the capture; what was numbered is still stored. Does not wait. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** Waits for the end. */
    void join() throws InterruptedException {
        thread.join();
    }

    /** Whether the workload is taken over and each life that this replica was told of is or was read. */
    boolean ready() {
        return owned && followed.keySet().containsAll(instances.keySet());
    }

    /** Whether nothing exists to be captured and nothing waits. */
    boolean idle() {
        return instances.isEmpty() && arrived.isEmpty() && waitingCount == 0 && ingest.isEmpty();
    }

    int instanceCount() {
        return instances.size();
    }

    /** Adds the logs that are being read to the counts by host. */
    void countWays(Map<String, CaptureWays> ways) {
        followed.values().forEach(follower -> follower.countWay(ways));
    }

    private void run() {
        WorkloadLog former = null;
        while (!stopped) {
            try {
                former = own(former);
                if (!stopped) {
                    pause();
                }
            } catch (SQLException e) {
                // The store loop has said that the database is away; hundreds of workloads need not say so too.
                LOGGER.atDebug()
                        .addKeyValue("workload", workload)
                        .setCause(e)
                        .log("A workload waits for the database.");
                pauseUnlessStopped();
            } catch (InterruptedException e) {
                // Only stop() interrupts.
                return;
            } catch (RuntimeException e) {
                LOGGER.atError().addKeyValue("workload", workload).setCause(e).log("Capture failed and begins again.");
                pauseUnlessStopped();
            }
        }
    }

    /** One ownership, until it fails or nothing is left to capture; returns its log. */
    private WorkloadLog own(@Nullable WorkloadLog former) throws SQLException, InterruptedException {
        context.disk().awaitRoom();
        Ownership ownership = context.store().takeOver(workload);
        if (former != null) {
            publishProven(former, ownership);
        }
        WorkloadLog log = new WorkloadLog(
                workload,
                ownership.epoch(),
                ownership.lastLine(),
                context.storeLoop().unstored(),
                context.storeLoop()::dirty,
                wake::release);
        IngestReader ingestReader = new IngestReader(ingest, ownership, log, context);
        owned = true;
        try {
            while (!log.failed()) {
                reconcile(log, ownership);
                if (!ingest.isEmpty()) {
                    ingesting = true;
                    ingestReader.start();
                }
                if (wake.tryAcquire(timer(log).toNanos(), TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                } else if (idle() && log.clean() && context.retire().test(this)) {
                    stopped = true;
                    return log;
                }
            }
        } catch (OwnershipLostException e) {
            log.fail();
        } finally {
            owned = false;
            stopReaders(ingestReader);
        }
        return log;
    }

    /** After how long to look without being woken. */
    private Duration timer(WorkloadLog log) {
        if (pending.stream().anyMatch(next -> !next.appendedUnder(log.epoch()))) {
            return PENDING_CHECK;
        }
        return pending.stream().anyMatch(PendingTransition::awaitsRest)
                ? LogLimits.REST_CHECK
                : context.silence().dividedBy(2);
    }

    private void reconcile(WorkloadLog log, Ownership ownership) {
        Set<String> left = Set.copyOf(gone);
        List<InstanceState> wanted = List.copyOf(instances.values());
        several = wanted.stream().mapToInt(InstanceState::index).distinct().count() > 1
                || wanted.stream().anyMatch(instance -> instance.index() > 0);
        for (InstanceState instance : wanted) {
            InstanceFollower follower = follower(instance.containerId(), log, ownership);
            follower.update(instance);
            follower.checkSilence(context.silence());
        }
        // Only now: a container that came and went before it was looked at still has its output.
        instances.keySet().removeAll(left);
        gone.removeAll(left);
        for (PendingTransition next = arrived.poll(); next != null; next = arrived.poll()) {
            pending.add(next);
        }
        writeTransitions(log, ownership);
        // A follower of a removed container reads on until the engine ends its log.
        followers
                .entrySet()
                .removeIf(entry -> !instances.containsKey(entry.getKey())
                        && !entry.getValue().following()
                        && pending.stream()
                                .noneMatch(
                                        next -> next.transition().containerId().equals(entry.getKey())));
        followed = Map.copyOf(followers);
        waitingCount = pending.size() + followers.size();
    }

    /** Writes each container's transitions in order, each after the output that belongs before it. */
    private void writeTransitions(WorkloadLog log, Ownership ownership) {
        Set<String> waiting = new HashSet<>();
        for (Iterator<PendingTransition> each = pending.iterator(); each.hasNext(); ) {
            PendingTransition next = each.next();
            if (next.finished()) {
                each.remove();
                continue;
            }
            String container = next.transition().containerId();
            if (next.beginTelling(
                    () -> log.clean() && follower(container, log, ownership).reached(next.transition()))) {
                context.evidence().tell(endedLife(next), told -> {
                    next.markTold(told);
                    wake.release();
                });
            }
            if (next.appendedUnder(log.epoch()) || waiting.contains(container)) {
                continue;
            }
            InstanceFollower follower = follower(container, log, ownership);
            if (outputMayPrecede(next, follower)) {
                waiting.add(container);
            } else {
                next.markAppended(log.epoch(), follower.reached(next.transition()));
                write(next, follower);
            }
        }
    }

    private EndedLife endedLife(PendingTransition next) {
        InstanceTransition ending = next.transition();
        InstanceState state = instances.get(ending.containerId());
        Instant newest = state == null ? null : state.startedAt();
        Instant nextStart = newest != null && newest.isAfter(ending.at()) ? newest : null;
        return new EndedLife(ending, next.number(), next.part(), several, nextStart);
    }

    private void write(PendingTransition next, InstanceFollower follower) {
        InstanceTransition transition = next.transition();
        next.markNumber(
                follower.system(SystemText.of(transition), transition.at(), SystemText.fields(transition), () -> {
                    next.markStored();
                    wake.release();
                }));
    }

    /** Whether to wait for output that belongs before: not where it is there, or none came of late. */
    private static boolean outputMayPrecede(PendingTransition next, InstanceFollower follower) {
        if (follower.reached(next.transition())) {
            return false;
        }
        long patience = LogLimits.OUTPUT_PATIENCE.toNanos();
        return next.ageNanos() < patience || (follower.following() && follower.quietNanos() < patience);
    }

    private InstanceFollower follower(String containerId, WorkloadLog log, Ownership ownership) {
        return followers.computeIfAbsent(
                containerId, id -> new InstanceFollower(id, ownership, log, () -> several, wake::release, context));
    }

    private void stopReaders(IngestReader ingestReader) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        ingesting = false;
        ingestReader.stop();
        for (InstanceFollower follower : followers.values()) {
            follower.stop();
        }
        followers.clear();
        followed = Map.of();
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    /**
     * After a commit with an unknown outcome: what the position proves stored is announced, for it was not published. It
     * proves so only where nobody else owned the workload in between.
     */
    private void publishProven(WorkloadLog former, Ownership ownership) {
        if (ownership.epoch() != former.epoch() + 1) {
            return;
        }
        for (SealedBatch batch : former.unproven()) {
            if (batch.lastLine() <= ownership.lastLine()) {
                context.publisher()
                        .publish(new LineBatch(
                                workload,
                                batch.firstLine(),
                                batch.lastLine(),
                                batch.firstAt(),
                                batch.lastAt(),
                                batch.length(),
                                null));
            }
        }
    }

    private void pauseUnlessStopped() {
        try {
            pause();
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(LogLimits.RETRY_PAUSE);
    }
}
