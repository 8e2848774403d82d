package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.spyhop.contracts.WorkloadId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question for lines of many workloads within a range of time. Immutable.
 *
 * @param workloads whose lines may be shown; at most {@link #WORKLOADS_MAX}
 * @param filter what is wanted; both its times are given
 * @param beforeNanos where to go on: lines at or after this time were examined by earlier calls. The filter's {@code
 *     untilNanos} at first
 * @param limit the most lines in a page, 0 to {@link LogsApi#PAGE_LINES_MAX}; with 0 lines are only counted
 * @param bucketNanos the width of the histogram's buckets; they begin at the filter's {@code sinceNanos}
 * @param window of the page before, where it has one; null to begin with a new one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SearchQuery(
        List<WorkloadId> workloads,
        LineFilter filter,
        long beforeNanos,
        int limit,
        long bucketNanos,
        @Nullable SearchWindow window) {
    /** The most workloads in one search. */
    public static final int WORKLOADS_MAX = 10_000;

    /** The most buckets in a histogram. */
    public static final int BUCKETS_MAX = 500;

    /** A question that begins with a new window. */
    public SearchQuery(List<WorkloadId> workloads, LineFilter filter, long beforeNanos, int limit, long bucketNanos) {
        this(workloads, filter, beforeNanos, limit, bucketNanos, null);
    }

    /** Copies the list. */
    public SearchQuery {
        workloads = List.copyOf(workloads);
    }
}
