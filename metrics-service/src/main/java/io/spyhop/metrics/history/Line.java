package io.spyhop.metrics.history;

import io.spyhop.contracts.metric.SeriesQuery;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * An instance, and the line of a chart that it belongs to. Immutable.
 *
 * @param instance its number in the store
 * @param name of the line: an instance's index, or a group
 */
record Line(int instance, String name, int intervalSeconds, LocalDate first, LocalDate last) {
    /** What a question for these is about. */
    static Plan.Scope scope(List<Line> lines, SeriesQuery query) {
        return new Plan.Scope(
                (int) lines.stream().map(Line::name).distinct().count(),
                lines.stream().mapToInt(Line::intervalSeconds).max().orElse(1),
                lines.stream().mapToLong(line -> line.covered(query)).sum());
    }

    /** How long it lived within the range, at most. */
    private long covered(SeriesQuery query) {
        long from = Math.max(
                query.from().getEpochSecond(),
                first.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
        long to = Math.min(
                query.to().getEpochSecond() + 1,
                last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond());
        return Math.max(0, to - from);
    }
}
