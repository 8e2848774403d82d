package io.spyhop.logs.store;

import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.number.StreamPosition;
import java.util.List;

/**
 * What taking a workload over tells: its epoch from now on, and how far it is stored. Immutable.
 *
 * @param lastLine number of the last stored line, 0 for none
 * @param positions of every stream of every container that ever had a line
 */
public record Ownership(long epoch, long lastLine, List<StreamPosition> positions) {
    /** Copies the positions. */
    public Ownership {
        positions = List.copyOf(positions);
    }

    /** How far a stream is stored; time 0 for one without lines. */
    public StreamPosition position(String containerId, Stream stream) {
        return positions.stream()
                .filter(p -> p.stream() == stream && p.containerId().equals(containerId))
                .findFirst()
                .orElseGet(() -> StreamPosition.none(containerId, stream));
    }
}
