package io.spyhop.engine;

/**
 * Which part of a container's log to read.
 *
 * @param containerId the full id
 * @param tty from {@link ContainerDetails#tty}: the engine frames the log only where there is no terminal
 * @param sinceNanos from the first line at or after this time on, nanoseconds since the epoch; 0 for all that the engine
 *     has. A later line that is older, for the clock was set back, is handed over by some engines only
 * @param follow whether to go on with what is written while reading
 * @param backfillBytes how much of the log's files to read where they are read and no time is given, the newest part;
 *     what is older is told as a {@link LogGap}. 0 for all. Through the API everything is read: engines do not tell
 *     how long a log is.
 * @param newest whether to read the last line only, whatever its time. Through the API, which finds it from the end
 */
public record LogRequest(
        String containerId, boolean tty, long sinceNanos, boolean follow, long backfillBytes, boolean newest) {
    /** A request without a bound. */
    public LogRequest(String containerId, boolean tty, long sinceNanos, boolean follow) {
        this(containerId, tty, sinceNanos, follow, 0, false);
    }

    /** A request for the last line. */
    public static LogRequest newest(String containerId, boolean tty) {
        return new LogRequest(containerId, tty, 0, false, 0, true);
    }
}
