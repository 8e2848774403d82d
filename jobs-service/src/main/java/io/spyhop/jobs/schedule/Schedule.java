package io.spyhop.jobs.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/** The instants at which a job is due. Immutable. */
public sealed interface Schedule permits CronSchedule, EverySchedule {
    /** What stands for five fields of cron. */
    Map<String, String> NAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /**
     * The first one after an instant; empty where none ever comes.
     *
     * @param anchor from when on the schedule counts
     */
    Optional<Instant> next(Instant after, Instant anchor);

    /**
     * Reads a schedule.
     *
     * @throws ScheduleException where it is none: says which part is wrong, and why
     */
    static Schedule of(String text, ZoneId zone) throws ScheduleException {
        String trimmed = text.strip();
        if (trimmed.startsWith(EverySchedule.PREFIX)) {
            return EverySchedule.of(trimmed.substring(EverySchedule.PREFIX.length()));
        }
        if (trimmed.startsWith("@")) {
            String fields = NAMES.get(trimmed);
            if (fields == null) {
                throw new ScheduleException("no such name: it is one of @hourly, @daily, @weekly, @monthly, @yearly,"
                        + " or @every and a duration");
            }
            return CronSchedule.of(fields, zone);
        }
        return CronSchedule.of(trimmed, zone);
    }

    /**
     * Reads a time zone, such as {@code Europe/Berlin} or {@code UTC}.
     *
     * @throws ScheduleException where there is none of that name
     */
    static ZoneId zone(String text) throws ScheduleException {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new ScheduleException("no time zone of that name is known, such as Europe/Berlin or UTC", e);
        }
    }
}
