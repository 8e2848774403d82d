package io.spyhop.logs.number;

import io.spyhop.contracts.log.Stream;

/**
 * Where one stream of one container stands: moved by {@link WorkloadLog} as it numbers lines, read by the stream's only
 * follower. The follower appends, so that it sees its own moves. Of what counts its entries by itself this is the ordinal of the last
 * one, in place of a time.
 */
public final class StreamCursor {
    private final String containerId;
    private final Stream stream;
    private long lastAt;
    private int sameAt;
    private long aheadAt;
    private long lastLine;
    private long touchedBatch = -1;

    /** A cursor where the stored position is. */
    public StreamCursor(StreamPosition stored) {
        this.containerId = stored.containerId();
        this.stream = stored.stream();
        this.lastAt = stored.lastAt();
        this.sameAt = stored.sameAt();
        this.aheadAt = stored.aheadAt();
        this.lastLine = stored.lastLine();
    }

    /** Time of the last numbered line; 0 before the first. */
    public long lastAt() {
        return lastAt;
    }

    /** How many numbered lines have that time, one after the other. */
    public int sameAt() {
        return sameAt;
    }

    /** The latest time of a numbered line that an earlier one followed, because the clock was set back; 0 for none. */
    public long aheadAt() {
        return aheadAt;
    }

    /** Number of the last numbered line; 0 where it is not known. */
    public long lastLine() {
        return lastLine;
    }

    /** The stream. */
    public Stream stream() {
        return stream;
    }

    /** Moves past a line at a time or ordinal; returns whether it is the first of this batch to do so. */
    boolean advance(long at, long lineNo, long batch) {
        if (at < lastAt) {
            aheadAt = Math.max(aheadAt, lastAt);
        }
        sameAt = at == lastAt ? sameAt + 1 : 1;
        lastAt = at;
        lastLine = lineNo;
        boolean first = touchedBatch != batch;
        touchedBatch = batch;
        return first;
    }

    StreamPosition position() {
        return new StreamPosition(containerId, stream, lastAt, sameAt, aheadAt, lastLine);
    }
}
