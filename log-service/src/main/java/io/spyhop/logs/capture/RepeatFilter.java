package io.spyhop.logs.capture;

import io.spyhop.logs.number.StreamCursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells lines that are stored already from new ones, for one stream of one container. Within one stream the engine's
 * timestamps go back only where a clock is set back, so a line after the last time is new at the cost of one comparison.
 * Two cases need more:
 *
 * <ul>
 *   <li>After a (re)opening, which begins before the last stored line: everything up to that is stored. It is known by its
 *       time: of as many lines at that time as were counted it is the last. It is gone for sure where a line has a later
 *       time than all that are stored; where the clock was set back it has to be sought before, in a reading of its own.
 *   <li>While following, an older line is a repeat (Docker sends lines again when its file rotates) if a recent line had
 *       its time and content; else the clock was set back, and it is new.
 * </ul>
 *
 * Used by the stream's follower only.
 */
final class RepeatFilter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;
    private static final int RECENT_MIN = 256;

    // A rotation repeats up to tens of thousands of lines; a quiet stream needs few.
    private static final int RECENT_MAX = 64 * 1024;
    private static final long RECENT_NANOS = 10_000_000_000L;

    private final StreamCursor cursor;
    private boolean resuming;
    private boolean repeating;

    // What looks like the end of what is stored, which at whole seconds more than the end may: how often it is still to
    // come, and how many lines at its time came one after the other.
    private int ends;
    private int atEnd;

    // A ring of the times and hashes of recent lines.
    private long[] times = new long[RECENT_MIN];
    private long[] hashes = new long[RECENT_MIN];
    private int size;
    private int next;
    private int expected;

    RepeatFilter(StreamCursor cursor) {
        this.cursor = cursor;
        resume();
    }

    /** The stream is opened again, from before the last stored line. */
    void resume() {
        ends = 1;
        resumeAsSought();
    }

    /** The stream is opened again, and the last stored line is there as far as it was {@link #sought} since {@link #seek}. */
    void resumeAsSought() {
        resuming = ends > 0 && cursor.sameAt() > 0;
        atEnd = 0;
        repeating = false;
    }

    /** The stream is read from where it will be opened again, only to find the last stored line. */
    void seek() {
        ends = 0;
        atEnd = 0;
    }

    /** A line came while that is sought; call once for each line, in the engine's order. */
    void sought(long at) {
        ends += endsAt(at) ? 1 : 0;
    }

    /** Whether the last stored line was found. */
    boolean found() {
        return ends > 0;
    }

    private boolean endsAt(long at) {
        atEnd = at == cursor.lastAt() ? atEnd + 1 : 0;
        return atEnd > 0 && atEnd == cursor.sameAt();
    }

    /** Whether the line is new; call once for each line, in the engine's order, before it is appended. */
    boolean isNew(long at, byte[] bytes, int offset, int length) {
        long last = cursor.lastAt();
        if (resuming) {
            resuming = at <= Math.max(last, cursor.aheadAt());
            if (resuming) {
                ends -= endsAt(at) ? 1 : 0;
                resuming = ends > 0;
                remember(at, hash(bytes, offset, length));
                return false;
            }
        } else if (at > last) {
            repeating = false;
        } else if (at < last || repeating) {
            repeating = isRecent(at, hash(bytes, offset, length));
            if (repeating) {
                return false;
            }
        }
        remember(at, hash(bytes, offset, length));
        return true;
    }

    private boolean isRecent(long at, long hash) {
        // Repeats come in the order of the originals, so that the next one is nearly always known.
        for (int i = 0; i < size; i++) {
            int index = (expected + i) % size;
            if (times[index] == at && hashes[index] == hash) {
                expected = (index + 1) % size;
                return true;
            }
        }
        return false;
    }

    private void remember(long at, long hash) {
        if (size == times.length && size < RECENT_MAX && at - times[next] < RECENT_NANOS) {
            grow();
        }
        times[next] = at;
        hashes[next] = hash;
        next = (next + 1) % times.length;
        size = Math.max(size, next == 0 ? times.length : next);
    }

    private void grow() {
        long[] moreTimes = new long[times.length * 2];
        long[] moreHashes = new long[times.length * 2];
        for (int i = 0; i < size; i++) {
            moreTimes[i] = times[(next + i) % size];
            moreHashes[i] = hashes[(next + i) % size];
        }
        times = moreTimes;
        hashes = moreHashes;
        next = size;
        expected = 0;
    }

    /** Length, beginning, middle and end: with the same nanosecond beside it, enough to tell lines apart. */
    private static long hash(byte[] bytes, int offset, int length) {
        long hash = length * MIX;
        if (length >= Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(bytes, offset)) * MIX;
            hash = (hash ^ (long) LONGS.get(bytes, offset + length / 2 - Long.BYTES / 2)) * MIX;
            return (hash ^ (long) LONGS.get(bytes, offset + length - Long.BYTES)) * MIX;
        }
        for (int i = 0; i < length; i++) {
            hash = (hash ^ bytes[offset + i]) * MIX;
        }
        return hash;
    }
}
