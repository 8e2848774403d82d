package io.spyhop.gateway.logs;

import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.LineParameters.Bound;
import io.spyhop.gateway.request.Parameters;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From where to where, by number and by time. Immutable.
 *
 * @param after only lines with a higher number
 * @param before only lines with a lower number
 * @param sinceNanos only lines at or after this time; null for any
 * @param untilNanos only lines before this time; null for any
 */
record LineRange(
        long after,
        long before,
        @Nullable Long sinceNanos,
        @Nullable Long untilNanos) {
    /**
     * Reads {@code since} and {@code until}.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static LineRange of(Parameters parameters, Instant now) {
        Bound since = LineParameters.bound(parameters, "since", now).orElse(null);
        Bound until = LineParameters.bound(parameters, "until", now).orElse(null);
        LineRange range = new LineRange(
                since instanceof Bound.Line line ? line.lineNo() : 0,
                until instanceof Bound.Line line ? line.lineNo() : Long.MAX_VALUE,
                since instanceof Bound.Time time ? time.nanos() : null,
                until instanceof Bound.Time time ? time.nanos() : null);
        boolean backwards = range.before <= range.after
                || (range.sinceNanos != null && range.untilNanos != null && range.untilNanos <= range.sinceNanos);
        if (backwards && since != null && until != null) {
            throw SpyhopException.parameter("until", "after since");
        }
        return range;
    }

    /** Whether it ends where the lines end, and begins at a number. */
    boolean isOpen() {
        return before == Long.MAX_VALUE && sinceNanos == null && untilNanos == null;
    }

    /** The same, ending at this line at the latest. */
    LineRange through(long last) {
        return last >= before - 1 ? this : new LineRange(after, last + 1, sinceNanos, untilNanos);
    }

    /** Whether no number is in it. */
    boolean isEmpty() {
        return before - 1 <= after;
    }
}
