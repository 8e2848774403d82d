package io.spyhop.jobs.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * Five fields of cron in a time zone. The library says which dates and times of a calendar match; where a zone's clocks are put
 * forward or back, this says what that means, as cron does:
 *
 * <ul>
 *   <li>Where minute or hour begins with a star, the schedule follows the clock: a time that does not exist is passed over, for
 *       the clock never shows it, and one that exists twice comes twice. So one that is due each ten minutes always is.
 *   <li>Where both are fixed, a matching time comes once: one that does not exist at the instant at which the clock is put
 *       forward, one that exists twice when the clock shows it first.
 * </ul>
 *
 * @param times what the library made of the fields
 * @param followsClock whether minute or hour begins with a star
 */
record CronSchedule(ExecutionTime times, boolean followsClock, ZoneRules rules) implements Schedule {
    private static final List<String> FIELDS = List.of("minute", "hour", "day of month", "month", "day of week");
    private static final String ANY = "*";

    static CronSchedule of(String text, ZoneId zone) throws ScheduleException {
        List<String> fields = List.of(text.strip().split("\\s+"));
        if (fields.size() != FIELDS.size()) {
            throw new ScheduleException("five fields are needed (minute, hour, day of month, month, day of week), or a"
                    + " name such as @hourly; these are " + fields.size());
        }
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        for (int i = 0; i < fields.size(); i++) {
            checkAlone(parser, fields, i);
        }
        CronSchedule schedule;
        try {
            schedule = new CronSchedule(
                    ExecutionTime.forCron(parser.parse(String.join(" ", fields))),
                    fields.get(0).startsWith(ANY) || fields.get(1).startsWith(ANY),
                    zone.getRules());
        } catch (IllegalArgumentException e) {
            throw new ScheduleException(why(e), e);
        }
        if (schedule.next(Instant.EPOCH, Instant.EPOCH).isEmpty()) {
            throw new ScheduleException("day of month and month: there is no such day");
        }
        return schedule;
    }

    /** The library does not say which field is wrong: each is tried with stars for the others. */
    private static void checkAlone(CronParser parser, List<String> fields, int at) throws ScheduleException {
        StringBuilder alone = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            alone.append(i == at ? fields.get(i) : ANY).append(' ');
        }
        try {
            parser.parse(alone.toString().strip());
        } catch (IllegalArgumentException e) {
            throw new ScheduleException(FIELDS.get(at) + ": " + why(e), e);
        }
    }

    private static String why(IllegalArgumentException e) {
        return String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
    }

    @Override
    public Optional<Instant> next(Instant after, Instant anchor) {
        return followsClock ? nextOfClock(after) : nextOnce(after);
    }

    /** Looks at one stretch without a change of the offset after the other. */
    private Optional<Instant> nextOfClock(Instant after) {
        Instant from = after;
        while (true) {
            ZoneOffset offset = rules.getOffset(from);
            ZoneOffsetTransition change = rules.nextTransition(from);
            Optional<Instant> found =
                    following(LocalDateTime.ofInstant(from, offset)).map(time -> time.toInstant(offset));
            if (change == null || found.isEmpty() || found.get().isBefore(change.getInstant())) {
                return found;
            }
            // From the instant of the change on, itself included, the clock shows other times.
            ZoneOffset next = change.getOffsetAfter();
            Optional<Instant> first = following(change.getDateTimeAfter().minusNanos(1))
                    .map(time -> time.toInstant(next))
                    .filter(change.getInstant()::equals);
            if (first.isPresent()) {
                return first;
            }
            from = change.getInstant();
        }
    }

    private Optional<Instant> nextOnce(Instant after) {
        Optional<LocalDateTime> time = following(LocalDateTime.ofInstant(after, rules.getOffset(after)));
        while (time.isPresent()) {
            Instant at = instantOf(time.get());
            if (at.isAfter(after)) {
                return Optional.of(at);
            }
            time = following(time.get());
        }
        return Optional.empty();
    }

    private Instant instantOf(LocalDateTime time) {
        ZoneOffsetTransition change = rules.getTransition(time);
        if (change != null && change.isGap()) {
            return change.getInstant();
        }
        return time.toInstant(rules.getValidOffsets(time).getFirst());
    }

    /** The next matching time of a calendar without any changes. */
    private Optional<LocalDateTime> following(LocalDateTime time) {
        return times.nextExecution(time.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }
}
