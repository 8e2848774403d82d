package io.spyhop.jobs.history;

import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.problem.SpyhopException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page ended: the runs of the next one are older, or as old and of a smaller id. Immutable.
 *
 * @param queuedAt of the page's last run
 * @param id of that run
 */
record RunCursor(Instant queuedAt, RunId id) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,17})~(run-[0-9a-v]{24})");

    static RunCursor after(Run last) {
        return new RunCursor(last.queuedAt(), last.id());
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static RunCursor of(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || !RunId.isValid(parts.group(2))) {
            throw SpyhopException.parameter("cursor", "what the last page gave");
        }
        return new RunCursor(
                Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS), new RunId(parts.group(2)));
    }

    /** In microseconds, as exact as the database is. */
    String text() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, queuedAt) + "~" + id;
    }
}
