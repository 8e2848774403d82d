package io.spyhop.logs.search;

import io.spyhop.contracts.log.LineMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is asked of a chunk's filter before its rows are read. The database answers it: of a filter that is stored apart it
 * reads only the parts with the bytes in question, and it stops at the first trigram that is missing.
 */
record TrigramQuestion(List<Long> hashes, List<Integer> masks) {
    /** Expects the hashes and the masks as parameters; unknown without a filter. */
    static final String MAY_MATCH = """
            (filter IS NULL OR NOT EXISTS (
                SELECT FROM unnest(?::bigint[], ?::int[]) AS trigram (hash, mask)
                WHERE get_byte(substr(filter, (hash * octet_length(filter) >> 32)::int + 1, 1), 0) & mask = 0))""";

    /** More tell little more: one in ten is there by chance. */
    private static final int TRIGRAMS_MAX = 24;

    static TrigramQuestion of(LineMatcher matcher) {
        Set<Integer> trigrams = new LinkedHashSet<>();
        for (byte[] text : matcher.requiredTexts()) {
            for (int at = 0; at + TrigramFilter.GRAM <= text.length; at++) {
                trigrams.add(TrigramFilter.trigram(text, at));
            }
        }
        List<Integer> asked = trigrams.stream().limit(TRIGRAMS_MAX).toList();
        return new TrigramQuestion(
                asked.stream().map(TrigramFilter::hash).toList(),
                asked.stream().map(TrigramFilter::mask).toList());
    }
}
