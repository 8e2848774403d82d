package io.spyhop.logs.retention;

import io.spyhop.logs.compaction.ChunkTrim;
import java.time.Instant;

/**
 * Which lines of a workload go: those with a lower number and an earlier time. Immutable.
 *
 * @param beforeLine only lines with a lower number; {@link Long#MAX_VALUE} for all
 * @param outputBefore output before this time, nanoseconds since the epoch
 * @param systemBefore system lines before this time
 */
record Cut(long beforeLine, long outputBefore, long systemBefore) implements ChunkTrim.Drop {
    /** What is past its age. */
    static Cut byAge(Rule rule, Instant now) {
        return new Cut(
                Long.MAX_VALUE,
                rule.output().value().before(now),
                rule.system().value().before(now));
    }

    @Override
    public boolean test(long number, long atNanos, boolean system) {
        return number < beforeLine && atNanos < (system ? systemBefore : outputBefore);
    }
}
