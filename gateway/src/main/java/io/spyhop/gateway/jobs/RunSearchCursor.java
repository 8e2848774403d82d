package io.spyhop.gateway.jobs;

import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.problem.SpyhopException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a search through outputs goes on. Immutable.
 *
 * @param page the cursor of the page of runs; null for the first
 * @param after the last run of it that was examined; null for none
 * @param before lines of the run that follows with this number or a higher one were examined
 */
record RunSearchCursor(@Nullable String page, @Nullable RunId after, long before) {
    static final RunSearchCursor BEGIN = new RunSearchCursor(null, null, Long.MAX_VALUE);

    private static final String WANTED = "`next` of the page before, with the same q";
    private static final int PARTS = 3;

    /** As a client sends it back. */
    String text() {
        String parts = before + " " + (after == null ? "" : after.value()) + " " + (page == null ? "" : page);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(parts.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads it back.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static RunSearchCursor read(@Nullable String text) {
        if (text == null) {
            return BEGIN;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", PARTS);
            if (parts.length == PARTS) {
                return new RunSearchCursor(
                        parts[2].isEmpty() ? null : parts[2],
                        parts[1].isEmpty() ? null : new RunId(parts[1]),
                        Long.parseLong(parts[0]));
            }
        } catch (IllegalArgumentException e) {
            throw SpyhopException.parameter("cursor", WANTED);
        }
        throw SpyhopException.parameter("cursor", WANTED);
    }
}
