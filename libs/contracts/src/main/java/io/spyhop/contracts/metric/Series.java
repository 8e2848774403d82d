package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One figure over time, ready for a chart. A bucket of which nothing is known has no point. Immutable.
 *
 * @param name such as {@code cpuPct}, the average of each bucket; {@code cpuPctMin} and {@code cpuPctMax} are its bounds
 * @param unit {@code percent}, {@code MiB}, {@code bytes/s} or {@code count}
 * @param instance its index; null where instances are added up
 * @param group what is added up: an org, a project, a host; null within one workload
 * @param points by time, ascending
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Series(
        String name,
        String unit,
        @Nullable Integer instance,
        @Nullable String group,
        List<Point> points) {
    /** Copies the points. */
    public Series {
        points = List.copyOf(points);
    }
}
