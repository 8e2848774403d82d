package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question for stored figures over a range of time. Immutable.
 *
 * @param from inclusive
 * @param to exclusive, after {@code from}
 * @param stepSeconds the length of a bucket, from 1 to a year; null for one that gives about {@link #POINTS} points. It is rounded up to what
 *     is stored, so that the answer may have a longer one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SeriesQuery(
        Instant from, Instant to, @Nullable Long stepSeconds) {
    /** About how many points a series has where no step is asked for. */
    public static final int POINTS = 300;
}
