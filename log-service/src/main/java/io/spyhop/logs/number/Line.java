package io.spyhop.logs.number;

import io.spyhop.contracts.log.Stream;

/**
 * One line before it has a number. The bytes are valid during the call that hands them over.
 *
 * @param atNanos nanoseconds since the epoch
 * @param instance the instance's index; negative where the workload has only one
 * @param partial whether the line goes on in the next one
 */
public record Line(
        Stream stream,
        long atNanos,
        int instance,
        @SuppressWarnings("ArrayRecordComponent") byte[] bytes,
        int offset,
        int length,
        boolean partial) {}
