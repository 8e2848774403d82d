package io.spyhop.logs.number;

import io.spyhop.contracts.log.Stream;

/**
 * How far one stream of one container, or a source that counts its entries, is stored. Immutable.
 *
 * @param containerId the container's id, or what stands for another source
 * @param lastAt time of the last stored line, nanoseconds since the epoch; of another source the ordinal of its last entry
 * @param sameAt how many stored lines have that time
 */
public record StreamPosition(String containerId, Stream stream, long lastAt, int sameAt) {}
