package io.spyhop.logs.capture;

import io.spyhop.contracts.log.Stream;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.number.StreamCursor;
import io.spyhop.logs.store.Ownership;

/**
 * Where the reading of one container's log goes on, and which of the lines that come then are stored already.
 *
 * <p>An engine is told from which time on; older lines it leaves out, one by one. Times rise until somebody sets the
 * clock back. From then until they have caught up, what was written before it has later times than what was stored
 * last: it comes again, and whether it does is found out in a reading of its own, which looks for the last stored line.
 * Where that comes, everything up to it is stored; where it is gone, nothing that comes is. Where even the newest line is
 * older than what was stored last, no time tells where to begin, and everything is read. Used by the container's reader only.
 */
final class ResumePoint {
    private final String containerId;
    private final long backfillBytes;
    private final StreamCursor stdout;
    private final StreamCursor stderr;
    private final RepeatFilter stdoutFilter;
    private final RepeatFilter stderrFilter;
    private boolean gone;

    ResumePoint(String containerId, Ownership ownership, long backfillBytes) {
        this.containerId = containerId;
        this.backfillBytes = backfillBytes;
        this.stdout = new StreamCursor(ownership.position(containerId, Stream.STDOUT));
        this.stderr = new StreamCursor(ownership.position(containerId, Stream.STDERR));
        this.stdoutFilter = new RepeatFilter(stdout);
        this.stderrFilter = new RepeatFilter(stderr);
    }

    StreamCursor cursor(boolean isStderr) {
        return isStderr ? stderr : stdout;
    }

    RepeatFilter filter(boolean isStderr) {
        return isStderr ? stderrFilter : stdoutFilter;
    }

    /** Time of the line that was stored last; 0 before the first. */
    long lastAt() {
        if (stdout.lastLine() == stderr.lastLine()) {
            return Math.max(stdout.lastAt(), stderr.lastAt());
        }
        return stdout.lastLine() > stderr.lastLine() ? stdout.lastAt() : stderr.lastAt();
    }

    /** Whether it was found out that the line that was stored last is no longer there. */
    boolean gone() {
        return gone;
    }

    /** What to ask the engine for, to go on. */
    LogRequest resume(ContainerEngine engine, boolean tty) throws InterruptedException {
        long last = lastAt();
        // The engine may hand out the two streams out of order.
        long from = last - LogLimits.RESUME_OVERLAP.toNanos();
        boolean setBack = last != 0 && isAllBefore(from, engine, tty);
        long since = last == 0 || setBack ? 0 : Math.max(1, startOf(stdout, startOf(stderr, startOf(stdout, from))));
        if (setBack || isUncertain(stdout, since, last) || isUncertain(stderr, since, last)) {
            seek(engine, new LogRequest(containerId, tty, since, false, backfillBytes, false));
        } else {
            gone = false;
            stdoutFilter.resume();
            stderrFilter.resume();
        }
        return new LogRequest(containerId, tty, since, true, backfillBytes, false);
    }

    /** Time of the newest line that an engine has; 0 where there is none. */
    static long newestAt(ContainerEngine engine, String containerId, boolean tty) throws InterruptedException {
        long[] newest = new long[1];
        try (LogStream stream = engine.logs(LogRequest.newest(containerId, tty))) {
            stream.read((isStderr, atNanos, bytes, offset, length, partial) -> newest[0] = atNanos);
        }
        return newest[0];
    }

    private boolean isAllBefore(long from, ContainerEngine engine, boolean tty) throws InterruptedException {
        try {
            long newest = newestAt(engine, containerId, tty);
            return newest != 0 && newest < from;
        } catch (ContainerGoneException e) {
            // Its files may still be there.
            return false;
        }
    }

    /** Where stored lines of a stream would come again, so does its last one. */
    private static long startOf(StreamCursor cursor, long since) {
        return cursor.aheadAt() >= since ? Math.min(since, cursor.lastAt()) : since;
    }

    /** Whether lines may come that are new, and not later than all of the stream that are stored. */
    private static boolean isUncertain(StreamCursor cursor, long since, long last) {
        return (cursor.aheadAt() > 0 && cursor.aheadAt() >= Math.max(since, cursor.lastAt()))
                || cursor.lastAt() - last > LogLimits.RESUME_OVERLAP.toNanos();
    }

    private void seek(ContainerEngine engine, LogRequest request) throws InterruptedException {
        stdoutFilter.seek();
        stderrFilter.seek();
        try (LogStream stream = engine.logs(request)) {
            stream.read((isStderr, atNanos, bytes, offset, length, partial) ->
                    filter(isStderr).sought(atNanos));
        }
        gone = !stdoutFilter.found() && !stderrFilter.found();
        stdoutFilter.resumeAsSought();
        stderrFilter.resumeAsSought();
    }
}
