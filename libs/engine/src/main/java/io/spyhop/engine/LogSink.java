package io.spyhop.engine;

/** Takes lines as they are read. Called on the reading thread only; it may block, and the engine's log waits then. */
@FunctionalInterface
public interface LogSink {
    /** The longest line that is kept whole: 1 MiB; a longer one is handed over in pieces, all but the last marked partial. */
    int LINE_BYTES_MAX = 1024 * 1024;

    /**
     * One line.
     *
     * @param stderr false for stdout and for everything a terminal shows
     * @param atNanos the engine's timestamp, nanoseconds since the epoch
     * @param bytes holds the line's bytes as the program wrote them, without line end; valid during the call only
     * @param partial whether the line goes on in the next one: it was longer than {@link #LINE_BYTES_MAX}
     */
    void line(boolean stderr, long atNanos, byte[] bytes, int offset, int length, boolean partial)
            throws InterruptedException;

    /** Tells that lines are missing here. Only what reads the engine's files can know. */
    default void gap(LogGap gap) throws InterruptedException {}
}
