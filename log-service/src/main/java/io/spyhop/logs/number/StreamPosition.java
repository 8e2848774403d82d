package io.spyhop.logs.number;

import io.spyhop.contracts.log.Stream;

/**
 * How far one stream of one container, or a source that counts its entries, is stored. Immutable.
 *
 * @param containerId the container's id, or what stands for another source
 * @param lastAt time of the last stored line, nanoseconds since the epoch; of another source the ordinal of its last entry
 * @param sameAt how many stored lines have that time, one after the other
 * @param aheadAt the latest time of a stored line that an earlier one followed, because the clock was set back; 0 for none
 * @param lastLine number of the last stored line; 0 where it is not known
 */
public record StreamPosition(String containerId, Stream stream, long lastAt, int sameAt, long aheadAt, long lastLine) {
    /** The position of what has no lines yet. */
    public static StreamPosition none(String containerId, Stream stream) {
        return new StreamPosition(containerId, stream, 0, 0, 0, 0);
    }
}
