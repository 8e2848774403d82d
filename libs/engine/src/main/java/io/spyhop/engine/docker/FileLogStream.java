package io.spyhop.engine.docker;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.LogGap;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log that is read from the files of Docker's json-file driver. It has the lines that the engine would hand out, and
 * ends when the engine would end it. The file itself tells of no end, but the engine's record of the container does, which
 * is written before another life begins. Then the engine is asked: it answers when it has written everything (moby holds
 * the container's lock while it handles an exit, and closes the log under it).
 *
 * <p>Unlike the engine, it waits for the first life of a created container: opened before there was output, it has all of
 * it, however soon the container is removed.
 */
final class FileLogStream implements LogStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileLogStream.class);
    private static final int BUFFER_BYTES_MIN = 8 * 1024;
    private static final int BUFFER_BYTES_MAX = 64 * 1024;

    /** The longest entry: 16 KiB, every byte escaped, and labels; what is longer is none. */
    private static final int ENTRY_BYTES_MAX = 1024 * 1024;

    /**
     * The pause at the end of a file that grew of late, and how many follow each other before its folder is watched: a
     * look costs some microseconds, a wake some ten.
     */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int PAUSES = 8;

    /** So many reads without such a rest, and the log is under load: each line would wake its reader for nothing. */
    private static final int BUSY_READS = 64;

    /** A container is started within milliseconds of its creation as a rule, and may be removed as soon. */
    private static final long STARTING_NANOS = TimeUnit.SECONDS.toNanos(3);

    /**
     * An end is told by a change in the folder too (the engine writes the container's state); this is for what is not told,
     * and costs each quiet log a look.
     */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final LogGap BROKEN_ENTRY = new LogGap(LogGap.Reason.BROKEN, 0, 0, 1);

    private final Path folder;
    private final JsonFiles files;
    private final LogRequest request;
    private final LocalRecords records;
    private final Supplier<Optional<ContainerDetails>> inspect;
    private final FolderWatch.Waiter waiter;
    private final Consumer<LogStream> onClose;
    private final JsonFileEntry entry = new JsonFileEntry();
    private volatile boolean closed;
    private boolean reading;

    private boolean opened;
    private byte[] buffer = new byte[BUFFER_BYTES_MIN];
    private int filled;

    /** Whether an entry of the wanted time came: all that follow are wanted, also those that a clock made older. */
    private boolean begun;

    // The life that is followed; once it has ended, where its output does.
    private @Nullable Instant life;
    private boolean living;
    private LocalRecords.@Nullable Version record;
    private boolean ended;
    private long endNanos = Long.MAX_VALUE;
    private @Nullable Long endPosition;

    /**
     * A log whose files are opened here, so that nothing can remove them from before the reader any more.
     *
     * @param files open or not
     */
    FileLogStream(
            LocalRecords records,
            JsonFiles files,
            LogRequest request,
            Supplier<Optional<ContainerDetails>> inspect,
            FolderWatch watch,
            Consumer<LogStream> onClose)
            throws IOException {
        this.folder = records.folder(request.containerId());
        this.files = files;
        this.request = request;
        this.records = records;
        this.inspect = inspect;
        this.waiter = watch.waiter(folder);
        this.onClose = onClose;
        this.opened = files.isOpen() || files.openAt(request.sinceNanos(), request.backfillBytes());
    }

    @Override
    public LogWay way() {
        return LogWay.FILE;
    }

    @Override
    public void read(LogSink sink) throws InterruptedException {
        synchronized (this) {
            if (closed) {
                return;
            }
            reading = true;
        }
        LineJoiner stdout = new LineJoiner(false, 0, sink);
        LineJoiner stderr = new LineJoiner(true, 0, sink);
        if (request.tty()) {
            stdout.terminal();
        }
        try {
            if (request.follow() ? awaitLife() : opened) {
                follow(stdout, stderr, sink);
            }
            if (!closed) {
                stdout.flush();
                stderr.flush();
            }
        } catch (IOException e) {
            throw new EngineException("the log's file cannot be read: " + e.getMessage(), e);
        } finally {
            close();
            waiter.close();
            closeFiles();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (!reading) {
                closeFiles();
            }
        }
        waiter.wake();
        onClose.accept(this);
    }

    private void closeFiles() {
        try {
            files.close();
        } catch (IOException e) {
            LOGGER.atTrace().setCause(e).log("A log's file stays open.");
        }
    }

    /** Waits until the container was started once; false when there will be nothing to read. */
    private boolean awaitLife() throws IOException, InterruptedException {
        long startedLooking = System.nanoTime();
        while (!closed) {
            boolean soon = System.nanoTime() - startedLooking < STARTING_NANOS;
            if (!soon) {
                waiter.watch();
            }
            opened = opened || files.openAt(request.sinceNanos(), request.backfillBytes());
            if (!Files.exists(folder) && !opened) {
                return false;
            }
            // Looked at when the file is open: the engine may take long to answer, and the file is safe now.
            if (opened) {
                ContainerDetails details = newest();
                life = details == null ? null : details.startedAt();
                if (details != null && details.alive()) {
                    living = true;
                    return true;
                }
                if (details == null || life != null) {
                    ended = true;
                    endPosition = files.size();
                    return true;
                }
            }
            // A start is written down in the folder.
            if (!opened || waiter.watching() || !waiter.watch()) {
                waiter.await(!soon ? QUIET_NANOS : opened ? 10 * PAUSE_NANOS : PAUSE_NANOS);
            }
        }
        return false;
    }

    /** The container, of which the engine is asked only where it does not stand written that it lives or was never started. */
    private @Nullable ContainerDetails newest() throws IOException {
        record = records.version(request.containerId());
        ContainerDetails written = records.read(request.containerId());
        Long size = files.size();
        boolean told =
                written != null && (written.alive() || (written.startedAt() == null && size != null && size == 0));
        return told ? written : inspect.get().orElse(null);
    }

    private void follow(LineJoiner stdout, LineJoiner stderr, LogSink sink) throws IOException, InterruptedException {
        ended |= !request.follow();
        LogGap leftOut = files.leftOut();
        if (leftOut != null) {
            sink.gap(leftOut);
        }
        int pauses = 0;
        int reads = 0;
        while (!closed) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a log was read");
            }
            if (fill()) {
                pauses = 0;
                reads++;
                if (reads == BUSY_READS) {
                    waiter.close();
                }
                // Looked at after the reading: while the process lives, all that was read is of its life.
                if (!ended && !lives()) {
                    end();
                }
                if (!handOver(stdout, stderr, sink)) {
                    return;
                }
            } else if (files.next() || files.emptied()) {
                LogGap.Reason lost = files.lost();
                if (lost != null) {
                    sink.gap(LogGap.of(lost));
                }
                if (files.position() == 0) {
                    // What the driver began and did not end before is lost.
                    filled = 0;
                }
            } else if (ended) {
                return;
            } else if (!lives()) {
                end();
            } else if (pauses < PAUSES) {
                waiter.await(PAUSE_NANOS);
                pauses++;
                reads = pauses == PAUSES ? 0 : reads;
            } else if (!waiter.watching() && waiter.watch()) {
                // One more look, now that a change is noticed.
                buffer = filled == 0 ? new byte[BUFFER_BYTES_MIN] : buffer;
            } else {
                waiter.await(QUIET_NANOS);
            }
        }
    }

    /** Whether it stands written that the life goes on; what was read before is of no later one then. */
    private boolean lives() {
        LocalRecords.Version newest = records.version(request.containerId());
        if (newest == null || !newest.equals(record)) {
            record = newest;
            living = isStill(Optional.ofNullable(records.read(request.containerId())));
        }
        return living;
    }

    /** Learns where the output of the life ends. */
    private void end() throws IOException, InterruptedException {
        Optional<ContainerDetails> found = inspect.get();
        if (isStill(found)) {
            // The record could not be read, or not be written. Until the next one the engine's word counts.
            living = true;
            if (record == null) {
                waiter.await(10 * PAUSE_NANOS);
            }
            return;
        }
        Instant followed = life;
        Instant newest = found.map(ContainerDetails::startedAt).orElse(null);
        if (followed == null || newest == null || !newest.isAfter(followed)) {
            endPosition = files.size();
        } else {
            Instant formerEnd = found.filter(ContainerDetails::alive)
                    .map(ContainerDetails::finishedAt)
                    .orElse(null);
            Instant boundary = ContainerDetails.outputBoundary(formerEnd, newest);
            endNanos = ChronoUnit.NANOS.between(Instant.EPOCH, boundary);
        }
        ended = true;
    }

    /** Whether the engine has the followed life still going on. */
    private boolean isStill(Optional<ContainerDetails> found) {
        return found.filter(ContainerDetails::alive)
                .map(ContainerDetails::startedAt)
                .filter(start -> start.equals(life))
                .isPresent();
    }

    /** Reads more; false at the end of what is there. */
    private boolean fill() throws IOException {
        if (filled == buffer.length) {
            int wanted = Math.min(2 * buffer.length, filled < BUFFER_BYTES_MAX ? BUFFER_BYTES_MAX : ENTRY_BYTES_MAX);
            if (wanted <= buffer.length) {
                // The rest of it is none either, and is told then.
                filled = 0;
            } else {
                buffer = Arrays.copyOf(buffer, wanted);
            }
        }
        int length = buffer.length - filled;
        Long limit = endPosition;
        if (limit != null && files.size() != null) {
            length = (int) Math.min(length, limit - files.position());
        }
        int read = length <= 0 ? -1 : files.read(buffer, filled, length);
        filled += Math.max(0, read);
        return read > 0;
    }

    /** Hands over the whole entries that were read; false when the life's output is over. */
    private boolean handOver(LineJoiner stdout, LineJoiner stderr, LogSink sink) throws InterruptedException {
        int begin = 0;
        while (true) {
            int lineEnd = LineJoiner.indexOfLineEnd(buffer, begin, filled);
            if (lineEnd == filled) {
                break;
            }
            boolean whole = entry.read(buffer, begin, lineEnd);
            if (!whole) {
                sink.gap(BROKEN_ENTRY);
                // An engine that was killed while it wrote goes on in the same row.
                int again = JsonFileEntry.indexOfBegin(buffer, begin + 1, lineEnd);
                whole = again < lineEnd && entry.read(buffer, again, lineEnd);
            }
            if (!whole) {
                LOGGER.atDebug().addKeyValue("instance", request.containerId()).log("A log's file has a broken entry.");
            } else if (entry.atNanos() > endNanos) {
                return false;
            } else if (begun || entry.atNanos() >= request.sinceNanos()) {
                begun = true;
                (entry.error() ? stderr : stdout).payload(entry.atNanos(), buffer, entry.from(), entry.to());
            }
            begin = lineEnd + 1;
            if (closed) {
                return false;
            }
        }
        System.arraycopy(buffer, begin, buffer, 0, filled - begin);
        filled -= begin;
        return true;
    }
}
