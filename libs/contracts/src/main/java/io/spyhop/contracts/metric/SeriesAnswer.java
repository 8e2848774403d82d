package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;

/**
 * Stored figures over a range of time. Immutable. Buckets begin at multiples of the step since the epoch and are whole, so that a
 * value does not depend on who asks when: the range may be wider than the one that was asked for.
 *
 * @param from the begin of the first bucket
 * @param to the end of the last one
 * @param stepSeconds the length of a bucket
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SeriesAnswer(Instant from, Instant to, long stepSeconds, List<Series> series) {
    /** Copies the series. */
    public SeriesAnswer {
        series = List.copyOf(series);
    }
}
