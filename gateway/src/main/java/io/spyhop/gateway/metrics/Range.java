package io.spyhop.gateway.metrics;

import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Parameters;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From when to when figures are asked for. Immutable.
 *
 * @param from inclusive
 * @param to exclusive
 */
record Range(Instant from, Instant to) {
    /** The names of the parameters. */
    static final String FROM = "from";

    static final String TO = "to";
    static final String STEP = "step";

    /**
     * Reads it.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static Range of(Parameters parameters, Instant now) {
        Instant to = parameters.time(TO, now).orElse(now);
        Instant from = parameters.time(FROM, now).orElse(to.minus(MetricsLimits.SINCE));
        if (!from.isBefore(to)) {
            throw SpyhopException.parameter(FROM, "before to");
        }
        return new Range(from, to);
    }

    /** The question for figures in steps. */
    SeriesQuery steps(Parameters parameters) {
        @Nullable
        Long seconds = parameters.duration(STEP).map(Duration::toSeconds).orElse(null);
        return new SeriesQuery(from, to, seconds);
    }
}
