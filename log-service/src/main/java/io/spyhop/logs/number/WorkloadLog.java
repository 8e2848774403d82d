package io.spyhop.logs.number;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.LogLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives the lines of one workload their numbers, under one epoch, and collects them into batches. Numbers become true
 * when the store commits the batch.
 *
 * <p>Phases: open; then failed, for ever: an owner that was fenced, or whose commit has an unknown outcome, drops what it
 * numbered and takes over again with a new {@code WorkloadLog}. Appending to a failed log throws. Thread-safe.
 */
public final class WorkloadLog {
    private final WorkloadId workload;
    private final long epoch;
    private final UnstoredBytes unstored;
    private final Consumer<WorkloadLog> onDirty;
    private final Runnable onFailed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final LineRenderer renderer = new LineRenderer();
    private final Deque<SealedBatch> sealed = new ArrayDeque<>();
    private final List<SealedBatch> inStore = new ArrayList<>();

    private long lastLine;
    private int unstoredBytes;
    private boolean failed;

    // The open batch.
    private LineBuffer buffer = new LineBuffer();
    private boolean system;
    private long firstLine;
    private long firstAt;
    private long lastAt;
    private final List<StreamCursor> touched = new ArrayList<>();
    private final List<Runnable> onStored = new ArrayList<>();

    /**
     * Begins an ownership.
     *
     * @param lastLine the number of the last stored line
     * @param unstored counts the lines of all workloads that wait for the store
     * @param onDirty told whenever there is something to store; must not block
     * @param onFailed told when this log has failed
     */
    public WorkloadLog(
            WorkloadId workload,
            long epoch,
            long lastLine,
            UnstoredBytes unstored,
            Consumer<WorkloadLog> onDirty,
            Runnable onFailed) {
        this.workload = workload;
        this.epoch = epoch;
        this.lastLine = lastLine;
        this.unstored = unstored;
        this.onDirty = onDirty;
        this.onFailed = onFailed;
        this.firstLine = lastLine + 1;
    }

    /** Whose lines these are. */
    public WorkloadId workload() {
        return workload;
    }

    /** The ownership under which it numbers. */
    public long epoch() {
        return epoch;
    }

    /**
     * Numbers a line of output. Waits while too much of this workload is not stored.
     *
     * @param cursor the line's stream, moved past the line
     * @throws OwnershipLostException when this log has failed, or the store stalls for longer than {@link
     *     LogLimits#STORE_STALL}
     */
    public void append(Line line, StreamCursor cursor) throws InterruptedException {
        append(line, cursor, line.atNanos(), null, null);
    }

    /**
     * As {@link #append(Line, StreamCursor)}, of a source that counts its entries.
     *
     * @param position to which the cursor is moved: the ordinal of the line's last entry
     * @param fields of a system line, a JSON object, or null
     * @param stored run once the line is stored; null for nothing
     */
    public void append(
            Line line, StreamCursor cursor, long position, @Nullable String fields, @Nullable Runnable stored)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitRoom();
            add(line, cursor, position, fields, stored);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Numbers a system line. Never waits: there are few.
     *
     * @param cursor the container's system stream, moved past the line
     * @param fields a JSON object of what varies, or null
     * @param stored run once the line is stored
     * @return the line's number
     */
    public long appendSystem(Line line, StreamCursor cursor, @Nullable String fields, Runnable stored) {
        lock.lock();
        try {
            checkOpen();
            add(line, cursor, line.atNanos(), fields, stored);
            return lastLine;
        } finally {
            lock.unlock();
        }
    }

    /** Takes sealed batches, and the open one last, until the budget is used up; at least one if there is any. */
    public List<SealedBatch> take(int bytesMax) {
        lock.lock();
        try {
            if (failed) {
                return List.of();
            }
            if (sealed.isEmpty()) {
                seal();
            }
            List<SealedBatch> taken = new ArrayList<>();
            int bytes = 0;
            while (!sealed.isEmpty()
                    && (taken.isEmpty() || bytes + sealed.peekFirst().length() <= bytesMax)) {
                SealedBatch batch = sealed.removeFirst();
                bytes += batch.length();
                taken.add(batch);
            }
            inStore.addAll(taken);
            if (!sealed.isEmpty() || buffer.length() > 0) {
                onDirty.accept(this);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Tells that batches which were taken are stored. */
    public void stored(Collection<SealedBatch> batches) {
        lock.lock();
        try {
            if (failed) {
                return;
            }
            inStore.removeAll(batches);
            for (SealedBatch batch : batches) {
                count(-batch.length());
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
        batches.forEach(batch -> batch.onStored().forEach(Runnable::run));
    }

    /** Ends this log: nothing more is numbered or stored under its epoch by this process. Idempotent. */
    public void fail() {
        lock.lock();
        try {
            if (failed) {
                return;
            }
            failed = true;
            sealed.clear();
            buffer = new LineBuffer();
            count(-unstoredBytes);
            room.signalAll();
        } finally {
            lock.unlock();
        }
        onFailed.run();
    }

    /** Whether this log has failed. */
    public boolean failed() {
        lock.lock();
        try {
            return failed;
        } finally {
            lock.unlock();
        }
    }

    /** The batches of a failed log whose commit has an unknown outcome. */
    public List<SealedBatch> unproven() {
        lock.lock();
        try {
            return List.copyOf(inStore);
        } finally {
            lock.unlock();
        }
    }

    /** Whether everything that was numbered is stored. */
    public boolean clean() {
        lock.lock();
        try {
            return unstoredBytes == 0 && buffer.length() == 0;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() throws InterruptedException {
        checkOpen();
        long nanosLeft = LogLimits.STORE_STALL.toNanos();
        while (unstored.full(unstoredBytes)) {
            if (nanosLeft <= 0) {
                throw new OwnershipLostException("the store takes no lines");
            }
            nanosLeft = room.awaitNanos(nanosLeft);
            checkOpen();
        }
    }

    private void count(int bytes) {
        unstoredBytes += bytes;
        unstored.add(bytes);
    }

    private void checkOpen() {
        if (failed) {
            throw new OwnershipLostException("the workload is owned anew or elsewhere");
        }
    }

    private void add(
            Line line, StreamCursor cursor, long position, @Nullable String fields, @Nullable Runnable stored) {
        boolean isSystem = line.stream() == Stream.SYSTEM;
        if (buffer.length() > 0 && system != isSystem) {
            seal();
        }
        int before = buffer.length();
        if (before == 0) {
            system = isSystem;
            firstLine = lastLine + 1;
            firstAt = line.atNanos();
            lastAt = line.atNanos();
        }
        lastLine++;
        firstAt = Math.min(firstAt, line.atNanos());
        lastAt = Math.max(lastAt, line.atNanos());
        renderer.render(buffer, lastLine, line, fields == null ? null : fields.getBytes(StandardCharsets.UTF_8));
        count(buffer.length() - before);
        // The first number tells batches of this log apart.
        if (cursor.advance(position, lastLine, firstLine)) {
            touched.add(cursor);
        }
        if (stored != null) {
            onStored.add(stored);
        }
        if (buffer.length() >= LogLimits.BATCH_RAW_BYTES
                && (buffer.length() >= LogLimits.BATCH_RAW_BYTES_LATE || !EpochNanos.isLate(line.atNanos()))) {
            seal();
        }
        if (before == 0) {
            onDirty.accept(this);
        }
    }

    private void seal() {
        if (buffer.length() == 0) {
            return;
        }
        sealed.addLast(new SealedBatch(
                workload,
                epoch,
                system,
                firstLine,
                lastLine,
                firstAt,
                lastAt,
                buffer.array(),
                buffer.length(),
                touched.stream().map(StreamCursor::position).toList(),
                List.copyOf(onStored)));
        buffer = buffer.next();
        touched.clear();
        onStored.clear();
    }
}
