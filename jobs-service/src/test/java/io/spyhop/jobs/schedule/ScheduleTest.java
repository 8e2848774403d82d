package io.spyhop.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The clocks of Berlin are put forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00. */
class ScheduleTest {
    private static final Instant ANCHOR = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # a usual day
            30 2 * * *    | Europe/Berlin       | 2026-03-27T12:00+01:00 | 2026-03-28T02:30+01:00
            # does not exist: once, when the clock is put forward, and as usual the day after
            30 2 * * *    | Europe/Berlin       | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00
            30 2 * * *    | Europe/Berlin       | 2026-03-29T01:59+01:00 | 2026-03-29T03:00+02:00
            30 2 * * *    | Europe/Berlin       | 2026-03-29T03:00+02:00 | 2026-03-30T02:30+02:00
            30 2 * * *    | America/New_York    | 2026-03-08T00:00-05:00 | 2026-03-08T03:00-04:00
            15,45 2 * * * | Europe/Berlin       | 2026-03-29T00:00+01:00 | 2026-03-29T03:00+02:00
            15,45 2 * * * | Europe/Berlin       | 2026-03-29T03:00+02:00 | 2026-03-30T02:15+02:00
            # that is not the end of what was put forward
            0 3 * * *     | Europe/Berlin       | 2026-03-29T00:00+01:00 | 2026-03-29T03:00+02:00
            @daily        | America/Sao_Paulo   | 2017-10-14T12:00-03:00 | 2017-10-15T01:00-02:00
            10 2 * * *    | Australia/Lord_Howe | 2026-10-04T00:00+10:30 | 2026-10-04T02:30+11:00
            # a day that does not exist
            0 12 * * *    | Pacific/Apia        | 2011-12-29T13:00-10:00 | 2011-12-31T00:00+14:00
            0 12 * * *    | Pacific/Apia        | 2011-12-31T00:00+14:00 | 2011-12-31T12:00+14:00
            # exists twice: once, the first time
            30 2 * * *    | Europe/Berlin       | 2026-10-25T00:00+02:00 | 2026-10-25T02:30+02:00
            30 2 * * *    | Europe/Berlin       | 2026-10-25T02:30+02:00 | 2026-10-26T02:30+01:00
            30 2 * * *    | Europe/Berlin       | 2026-10-25T02:10+01:00 | 2026-10-26T02:30+01:00
            30 1 * * *    | America/New_York    | 2026-11-01T01:30-04:00 | 2026-11-02T01:30-05:00
            45 1 * * *    | Australia/Lord_Howe | 2026-04-05T01:45+11:00 | 2026-04-06T01:45+10:30
            0 3 * * *     | Europe/Berlin       | 2026-10-25T00:00+02:00 | 2026-10-25T03:00+01:00
            # with a star the clock is followed
            */10 * * * *  | Europe/Berlin       | 2026-03-29T01:50+01:00 | 2026-03-29T03:00+02:00
            */10 * * * *  | Europe/Berlin       | 2026-10-25T02:50+02:00 | 2026-10-25T02:00+01:00
            */10 * * * *  | Europe/Berlin       | 2026-10-25T02:00+01:00 | 2026-10-25T02:10+01:00
            @hourly       | Europe/Berlin       | 2026-03-29T01:00+01:00 | 2026-03-29T03:00+02:00
            @hourly       | Europe/Berlin       | 2026-10-25T02:00+02:00 | 2026-10-25T02:00+01:00
            @hourly       | Asia/Kolkata        | 2026-03-29T01:00+05:30 | 2026-03-29T02:00+05:30
            30 */2 * * *  | Europe/Berlin       | 2026-03-29T00:30+01:00 | 2026-03-29T04:30+02:00
            0 * * * *     | Australia/Lord_Howe | 2026-10-04T01:30+10:30 | 2026-10-04T03:00+11:00
            0 * * * *     | Australia/Lord_Howe | 2026-04-05T01:00+11:00 | 2026-04-05T02:00+10:30
            # days
            0 0 13 * 5    | UTC                 | 2026-01-09T00:00Z      | 2026-01-13T00:00Z
            0 0 29 2 *    | UTC                 | 2026-01-09T00:00Z      | 2028-02-29T00:00Z
            * * 29 2 *    | Europe/Berlin       | 2026-01-09T00:00Z      | 2028-02-28T23:00Z
            0 0 * * 7     | UTC                 | 2026-01-09T00:00Z      | 2026-01-11T00:00Z
            @weekly       | UTC                 | 2026-01-09T00:00Z      | 2026-01-11T00:00Z
            @monthly      | UTC                 | 2026-01-09T00:00Z      | 2026-02-01T00:00Z
            @yearly       | UTC                 | 2026-01-09T00:00Z      | 2027-01-01T00:00Z
            30 2 1 JAN MON | UTC                | 2026-01-09T00:00Z      | 2026-01-12T02:30Z
            # real time
            @every 10m    | Europe/Berlin       | 2026-03-29T01:55+01:00 | 2026-03-29T03:00+02:00
            @every 10m    | Europe/Berlin       | 2026-10-25T02:55+02:00 | 2026-10-25T02:00+01:00
            @every 1h30m  | UTC                 | 2026-01-01T01:30Z      | 2026-01-01T03:00Z
            @every 7d     | UTC                 | 2025-01-01T00:00Z      | 2026-01-08T00:00Z
            """)
    void shouldBeDueAsPeopleExpectWhenClocksChange(String text, String zone, String after, String expected)
            throws ScheduleException {
        // Given
        Schedule schedule = Schedule.of(text, ZoneId.of(zone));

        // When
        Optional<Instant> next = schedule.next(instant(after), ANCHOR);

        // Then
        assertThat(next).contains(instant(expected));
    }

    /** Every minute of some days around both changes is looked at, with another rule for the same thing. */
    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"})
    void shouldShowEachMatchingMinuteOfTheClockWhenItIsFollowed(String name) throws ScheduleException {
        // Given
        ZoneId zone = ZoneId.of(name);
        Schedule schedule = Schedule.of("*/20 1-3 * * *", zone);
        Predicate<ZonedDateTime> matches = at -> at.getMinute() % 20 == 0 && at.getHour() >= 1 && at.getHour() <= 3;

        for (String day : List.of("2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31")) {
            Instant from = LocalDateTime.parse(day + "T12:00").atZone(zone).toInstant();
            Instant to = from.plus(Duration.ofDays(1));
            List<Instant> expected = new ArrayList<>();
            for (Instant at = from; at.isBefore(to); at = at.plusSeconds(60)) {
                if (matches.test(at.atZone(zone))) {
                    expected.add(at);
                }
            }

            // When
            List<Instant> found = between(schedule, from, to);

            // Then
            assertThat(found).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
    void shouldBeDueOnceEachDayWhenTheTimeIsFixed(String name) throws ScheduleException {
        // Given
        ZoneId zone = ZoneId.of(name);
        for (String time : List.of("45 1 * * *", "0 2 * * *", "30 2 * * *", "0 3 * * *")) {
            Schedule schedule = Schedule.of(time, zone);

            // When
            List<Instant> found = between(schedule, ANCHOR, ANCHOR.plus(Duration.ofDays(364)));

            // Then
            assertThat(found.stream().map(at -> at.atZone(zone).toLocalDate()).distinct())
                    .hasSameSizeAs(found)
                    .hasSize(364);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            61 * * * *      | minute: Value 61 not in range [0, 59]
            a * * * *       | minute: Invalid chars
            * 24 * * *      | hour: Value 24
            * 22-2 * * *    | hour: Invalid range
            * * 32 * *      | day of month: Value 32
            * * * FOO *     | month: Invalid chars
            * * * * 8       | day of week: Value 8
            * * * *         | five fields are needed
            0 * * * * *     | these are 6
            ''              | five fields are needed
            0 0 30 2 *      | there is no such day
            @reboot         | no such name
            @every          | no such name
            @every banana   | needs a duration
            @every 0s       | a duration of 1s to 366d
            @every 999999999d | a duration of 1s to 366d
            @every 10 m     | needs a duration
            """)
    void shouldSayWhatIsWrongWhenItIsNoSchedule(String text, String reason) {
        // Given
        ZoneId zone = ZoneId.of("UTC");

        // When, Then
        assertThatThrownBy(() -> Schedule.of(text, zone))
                .isInstanceOf(ScheduleException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void shouldSayThatThereIsNoSuchZoneWhenThereIsNone() {
        // Given
        String zone = "Europe/Atlantis";

        // When, Then
        assertThatThrownBy(() -> Schedule.zone(zone))
                .isInstanceOf(ScheduleException.class)
                .hasMessageContaining("no time zone of that name");
    }

    private static List<Instant> between(Schedule schedule, Instant from, Instant to) {
        List<Instant> found = new ArrayList<>();
        Optional<Instant> next = schedule.next(from.minusMillis(1), ANCHOR);
        while (next.isPresent() && next.get().isBefore(to)) {
            found.add(next.get());
            next = schedule.next(next.get(), ANCHOR);
        }
        return found;
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
