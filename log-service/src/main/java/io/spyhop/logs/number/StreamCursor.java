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
    private long touchedBatch = -1;

    /** A cursor where the stored position is. */
    public StreamCursor(StreamPosition stored) {
        this.containerId = stored.containerId();
        this.stream = stored.stream();
        this.lastAt = stored.lastAt();
        this.sameAt = stored.sameAt();
    }

    /** Time of the last numbered line; 0 before the first. */
    public long lastAt() {
        return lastAt;
    }

    /** How many numbered lines have that time. */
    public int sameAt() {
        return sameAt;
    }

    /** The stream. */
    public Stream stream() {
        return stream;
    }

    /** Moves past a line at a time or ordinal; returns whether it is the first of this batch to do so. */
    boolean advance(long at, long batch) {
        sameAt = at == lastAt ? sameAt + 1 : 1;
        lastAt = at;
        boolean first = touchedBatch != batch;
        touchedBatch = batch;
        return first;
    }

    StreamPosition position() {
        return new StreamPosition(containerId, stream, lastAt, sameAt);
    }
}
