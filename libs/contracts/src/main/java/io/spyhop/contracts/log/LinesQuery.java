package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A question for lines of one workload. Immutable.
 *
 * @param after only lines with a higher number; 0 for all
 * @param before only lines with a lower number; {@link Long#MAX_VALUE} for all
 * @param newestFirst whether the range is examined from its end; the rows of a page ascend all the same
 * @param limit the most lines that match in a page, 1 to {@link LogsApi#PAGE_LINES_MAX}
 * @param context lines to show before and after each that matches, of those in the workload, 0 to {@link #CONTEXT_MAX}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LinesQuery(long after, long before, boolean newestFirst, int limit, int context, LineFilter filter) {
    /** The most lines of context on either side. */
    public static final int CONTEXT_MAX = 100;

    /** Lines above a number, oldest first. */
    public static LinesQuery after(long after, int limit, LineFilter filter) {
        return new LinesQuery(after, Long.MAX_VALUE, false, limit, 0, filter);
    }

    /** The newest lines. */
    public static LinesQuery newest(int limit, LineFilter filter) {
        return new LinesQuery(0, Long.MAX_VALUE, true, limit, 0, filter);
    }
}
