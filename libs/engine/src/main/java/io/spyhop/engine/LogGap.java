package io.spyhop.engine;

/**
 * Lines that a log had and that cannot be read. It stands where they would: after the lines that were handed over before
 * it and before those after it.
 *
 * @param fromNanos when the oldest of them was written, nanoseconds since the epoch; 0 for the time of the line before
 * @param bytes how much of the engine's files they took up; 0 where that is not known
 * @param entries how many they were; 0 where that is not known
 */
public record LogGap(Reason reason, long fromNanos, long bytes, long entries) {
    /** Why lines are missing. */
    public enum Reason {
        /** The engine removed a file of the log before it was read. */
        ROTATED,
        /** The log's file was emptied before it was read to its end. */
        EMPTIED,
        /** What stands in the log's file is no entry, or cannot be decompressed. */
        BROKEN,
        /** The log was longer than what was asked for. */
        BACKFILL
    }

    /** Lines of which neither time nor number is known. */
    public static LogGap of(Reason reason) {
        return new LogGap(reason, 0, 0, 0);
    }
}
