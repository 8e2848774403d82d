package io.spyhop.contracts.log;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/**
 * Between which times lines are missing, as the system line of a gap says it, in its text and its fields. Immutable.
 *
 * @param from RFC 3339 with nine digits, as the times of lines
 * @param to the same
 */
public record GapSpan(String from, String to) {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter(Locale.ROOT);

    /** Between two times. */
    public static GapSpan of(Instant from, Instant to) {
        return new GapSpan(TIME.format(from), TIME.format(to));
    }

    /** The text of the gap's line. */
    public String text(String reason) {
        return "[GAP] " + from + ".." + to + " " + reason;
    }
}
