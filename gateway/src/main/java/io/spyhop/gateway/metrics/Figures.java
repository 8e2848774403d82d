package io.spyhop.gateway.metrics;

import io.spyhop.contracts.metric.Series;
import io.spyhop.contracts.metric.SeriesAnswer;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Figures over time as the API shows them. Immutable.
 *
 * @param step the length of a bucket, such as {@code 15m}
 */
@Schema(
        name = "Figures",
        description =
                "Figures over time. A bucket of which nothing is known has no point; `cpuPct` is the average of each"
                        + " bucket, `cpuPctMin` and `cpuPctMax` are its bounds, and so with the others.")
record Figures(
        Instant from,
        Instant to,

        @Schema(description = "The length of a bucket, such as `15m`; it may be longer than asked for")
        String step,

        List<Series> series) {
    /** Copies the series. */
    Figures {
        series = List.copyOf(series);
    }

    static Figures of(SeriesAnswer answer, List<Series> series) {
        return new Figures(answer.from(), answer.to(), text(answer.stepSeconds()), series);
    }

    /** A duration in the largest unit that it is a whole number of. */
    static String text(long seconds) {
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
