package io.spyhop.metrics.history;

import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.metrics.store.RetentionConfig;
import io.spyhop.metrics.store.Tier;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * From where and in which steps a question is answered: from the coarsest tier that has the step and still holds the range.
 * Buckets are whole: they begin at multiples of the step since the epoch, so that a figure does not depend on who asks when.
 * Immutable. Times are seconds since the epoch.
 *
 * @param from the begin of the first bucket
 * @param to the end of the last one
 */
record Plan(Tier tier, long from, long to, long step) {
    /** The least and the greatest time that may be asked for; what is between can be calculated with. */
    private static final Instant MIN = Instant.EPOCH;

    private static final Instant MAX = Instant.parse("9999-01-01T00:00:00Z");

    /** A year: longer than anything is kept by default. */
    private static final long STEP_MAX = 366L * 86_400;

    /** Rows that may be read to answer one question: a second or two. */
    private static final long ROWS_MAX = 2_000_000;

    /** Rows that may be read where nobody asked for a step: about a tenth of a second. */
    private static final long ROWS_AT_EASE = 40_000;

    /** Hours that make a chart. */
    private static final long HOURS_MIN = 48;

    /**
     * What is asked about.
     *
     * @param lines how many series there are of one figure
     * @param intervalSeconds the longest interval of its samples
     * @param coveredSeconds how long its instances lived within the range, all together
     */
    record Scope(int lines, int intervalSeconds, long coveredSeconds) {}

    /**
     * Refuses what is no range.
     *
     * @throws SpyhopException that names the parameter
     */
    static void check(SeriesQuery query) {
        if (query.from().isBefore(MIN) || !query.from().isBefore(MAX)) {
            throw SpyhopException.parameter("from", "a time from 1970 to 9998 is wanted");
        }
        if (query.to().isBefore(MIN) || query.to().isAfter(MAX)) {
            throw SpyhopException.parameter("to", "a time from 1970 to 9998 is wanted");
        }
        if (!query.from().isBefore(query.to())) {
            throw SpyhopException.parameter("to", "a time after \"from\" is wanted");
        }
        Long step = query.stepSeconds();
        if (step != null && (step < 1 || step > STEP_MAX)) {
            throw SpyhopException.parameter("step", "seconds from 1 to " + STEP_MAX + " are wanted");
        }
    }

    /** The first moment, inclusive. */
    Instant begin() {
        return Instant.ofEpochSecond(from);
    }

    /** The last moment, exclusive. */
    Instant end() {
        return Instant.ofEpochSecond(to);
    }

    /**
     * Decides.
     *
     * @param kept how long each tier is kept
     */
    static Plan of(SeriesQuery query, Scope scope, RetentionConfig kept, Instant now) {
        long from = query.from().getEpochSecond();
        long to = query.to().minusNanos(1).getEpochSecond() + 1;
        Long asked = query.stepSeconds();
        long wanted = asked == null ? divideUp(to - from, SeriesQuery.POINTS) : asked;
        long step = Math.max(wanted, leastStep(to - from, scope.lines()));
        long interval = Math.max(1, scope.intervalSeconds());
        if (step < Tier.MINUTES.seconds()
                && has(Tier.SAMPLES, from, now.minus(kept.raw()))
                && scope.coveredSeconds() / interval <= ROWS_MAX) {
            step = up(step, interval);
            if (step < Tier.MINUTES.seconds()) {
                return new Plan(Tier.SAMPLES, from, to, step).whole();
            }
        }
        // A bucket shorter than the interval would be empty every other time.
        step = up(Math.max(step, interval), Tier.MINUTES.seconds());
        // Who adds many up and named no step gets hours, where there are enough of them, rather than wait.
        boolean quick = asked == null
                && to - from >= HOURS_MIN * Tier.HOURS.seconds()
                && scope.coveredSeconds() / Tier.MINUTES.seconds() > ROWS_AT_EASE;
        if (!quick
                && step < Tier.HOURS.seconds()
                && has(Tier.MINUTES, from, now.minus(kept.minutes()))
                && scope.coveredSeconds() / Tier.MINUTES.seconds() <= ROWS_MAX) {
            return new Plan(Tier.MINUTES, from, to, step).whole();
        }
        return new Plan(Tier.HOURS, from, to, up(step, Tier.HOURS.seconds())).whole();
    }

    private Plan whole() {
        return new Plan(tier, Math.floorDiv(from, step) * step, up(to, step), step);
    }

    /** What is kept of a tier are whole partitions. */
    private static boolean has(Tier tier, long from, Instant oldest) {
        Instant begin = tier.partitionOf(oldest).atStartOfDay(ZoneOffset.UTC).toInstant();
        return from >= begin.getEpochSecond();
    }

    /** The step that keeps an answer within its bounds; whole buckets may be one more than fit into the range. */
    private static long leastStep(long seconds, int lines) {
        long buckets = MetricsApi.BUCKETS_MAX / Math.max(1, lines);
        return divideUp(seconds, Math.max(1, buckets - 1));
    }

    private static long up(long value, long unit) {
        return divideUp(value, unit) * unit;
    }

    private static long divideUp(long value, long by) {
        return Math.ceilDiv(value, by);
    }
}
