package io.spyhop.logs.number;

import io.spyhop.contracts.log.Stream;

/**
 * How far one stream of one container is stored. Immutable.
 *
 * @param lastAt time of the last stored line, nanoseconds since the epoch
 * @param sameAt how many stored lines have that time
 */
public record StreamPosition(String containerId, Stream stream, long lastAt, int sameAt) {}
