package io.spyhop.jobs.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * At a fixed rate from when the schedule was set: clocks that are put forward or back change nothing about it.
 *
 * @param period from one time to the next
 */
record EverySchedule(Duration period) implements Schedule {
    static final String PREFIX = "@every ";

    /** More often is a loop inside a container. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofDays(366);

    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}[smhd])+");
    private static final Pattern PART = Pattern.compile("(\\d+)([smhd])");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS);

    static EverySchedule of(String text) throws ScheduleException {
        String trimmed = text.strip();
        if (!DURATION.matcher(trimmed).matches()) {
            throw new ScheduleException("@every needs a duration, such as 30s, 10m, 1h30m or 7d");
        }
        Duration period = Duration.ZERO;
        Matcher part = PART.matcher(trimmed);
        while (part.find()) {
            ChronoUnit unit = UNITS.getOrDefault(part.group(2), ChronoUnit.SECONDS);
            period = period.plus(unit.getDuration().multipliedBy(Long.parseLong(part.group(1))));
        }
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
            throw new ScheduleException("@every needs a duration of 1s to 366d");
        }
        return new EverySchedule(period);
    }

    @Override
    public Optional<Instant> next(Instant after, Instant anchor) {
        if (after.isBefore(anchor)) {
            return Optional.of(anchor.plus(period));
        }
        long passed = Duration.between(anchor, after).dividedBy(period);
        return Optional.of(anchor.plus(period.multipliedBy(passed + 1)));
    }
}
