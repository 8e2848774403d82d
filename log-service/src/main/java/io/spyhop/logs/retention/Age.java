package io.spyhop.logs.retention;

import io.spyhop.logs.number.EpochNanos;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How old a line may become. Immutable.
 *
 * @param limit null where it may become as old as it likes
 */
public record Age(@Nullable Duration limit) {
    /** No limit. */
    public static final Age FOREVER = new Age(null);

    private static final String FOREVER_TEXT = "forever";
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,12})([smhdw])");

    /** A longer time is longer than the nanoseconds of times can tell, or a slip. */
    private static final Duration MAX = Duration.ofDays(36_500);

    /**
     * Reads {@code 90s}, {@code 15m}, {@code 36h}, {@code 14d}, {@code 2w} or {@code forever}.
     *
     * @throws IllegalArgumentException with what is wanted
     */
    public static Age parse(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        if (plain.equals(FOREVER_TEXT)) {
            return FOREVER;
        }
        Matcher matcher = TEXT.matcher(plain);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                default -> Duration.ofDays(7 * amount);
            };
            if (duration.isPositive() && duration.compareTo(MAX) <= 0) {
                return new Age(duration);
            }
        }
        throw new IllegalArgumentException(
                "not an age from 1s to " + MAX.toDays() + "d, such as 12h, 7d or 2w, nor \"" + FOREVER_TEXT + "\"");
    }

    /** Lines from before this are too old, nanoseconds since the epoch. */
    long before(Instant now) {
        return limit == null ? Long.MIN_VALUE : EpochNanos.of(now.minus(limit));
    }

    /** As it is written: {@link #parse} reads it. */
    @Override
    public String toString() {
        if (limit == null) {
            return FOREVER_TEXT;
        }
        long seconds = limit.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
