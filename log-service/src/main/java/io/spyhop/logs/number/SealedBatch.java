package io.spyhop.logs.number;

import io.spyhop.contracts.WorkloadId;
import java.util.List;

/**
 * Lines with their numbers, rendered, not yet stored. Immutable by agreement.
 *
 * @param epoch the ownership under which the numbers were given
 * @param system whether these are system lines: they are kept for another time than output
 * @param firstAt the earliest time of its lines: clocks step back, and stdout and stderr are not always in order
 * @param lastAt the latest
 * @param ndjson holds the rows from its beginning to {@code length}
 * @param positions where the streams that took part stand after this batch
 * @param onStored to be run once it is stored
 */
public record SealedBatch(
        WorkloadId workload,
        long epoch,
        boolean system,
        long firstLine,
        long lastLine,
        long firstAt,
        long lastAt,
        @SuppressWarnings("ArrayRecordComponent") byte[] ndjson,
        int length,
        List<StreamPosition> positions,
        List<Runnable> onStored) {}
