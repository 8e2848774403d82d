package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;

/**
 * Stored figures over a range of time. Immutable.
 *
 * @param stepSeconds the length of a bucket
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SeriesAnswer(Instant from, Instant to, long stepSeconds, List<Series> series) {
    /** Copies the series. */
    public SeriesAnswer {
        series = List.copyOf(series);
    }
}
