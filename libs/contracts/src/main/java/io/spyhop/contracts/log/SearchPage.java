package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a search found. Immutable.
 *
 * @param ndjson lines that match, newest first, each as it is stored with {@code "workload":"<id>"} before its number, ended
 *     by a line feed; of one time in the same order in every answer
 * @param count rows
 * @param throughNanos how far was examined: every line at or after this time. Give it as {@code beforeNanos} to go on
 * @param more whether older lines are left to examine
 * @param histogram how many lines match, by bucket from 0; those of this call only, also beyond the rows' limit, and empty
 *     ones left out
 * @param examinedLines how many lines were in the chunks that were looked at or passed over
 * @param examinedBytes how much they have, uncompressed
 * @param window not null where only a part of a window was examined: this page belongs together with the next ones to that
 *     which has none, and no line of it is to be shown before. Give it back to go on
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SearchPage(
        String ndjson,
        int count,
        long throughNanos,
        boolean more,
        Map<Integer, Long> histogram,
        long examinedLines,
        long examinedBytes,
        @Nullable SearchWindow window) {
    /** A page of which everything may be shown. */
    public SearchPage(
            String ndjson,
            int count,
            long throughNanos,
            boolean more,
            Map<Integer, Long> histogram,
            long examinedLines,
            long examinedBytes) {
        this(ndjson, count, throughNanos, more, histogram, examinedLines, examinedBytes, null);
    }

    /** Copies the histogram. */
    public SearchPage {
        histogram = Map.copyOf(histogram);
    }
}
