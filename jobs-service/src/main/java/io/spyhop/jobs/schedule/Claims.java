package io.spyhop.jobs.schedule;

import io.spyhop.contracts.job.JobDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides what becomes of times that are due. Looks at no clock, and changes nothing. */
final class Claims {
    private Claims() {}

    /**
     * Decides.
     *
     * <p>Where several times passed, because nobody looked, there is a run for the newest at most: where it is not older than {@link
     * ScheduleLimits#LATE}, which a restart or another replica's end takes, or where the job asks for a run for missed ones.
     *
     * @param alone whether a second run of the job is forbidden, and one goes on
     * @return empty where that is to be seen later: the time is still to come, and what goes on may end before
     * @throws ScheduleException where nobody can read the schedule
     */
    static Optional<Claim> decide(DueJob job, boolean alone, Instant now) throws ScheduleException {
        Schedule schedule = Schedule.of(
                String.valueOf(job.definition().schedule()),
                Schedule.zone(job.definition().timeZone()));
        if (job.dueAt().isAfter(now) && alone) {
            return Optional.empty();
        }
        Instant newest = job.dueAt();
        int passed = 1;
        Optional<Instant> next = schedule.next(newest, job.anchor());
        while (next.isPresent() && !next.get().isAfter(now)) {
            if (passed == ScheduleLimits.COUNTED_MAX) {
                // So many that nobody counts them: on with the last of them.
                next = schedule.next(now.minus(ScheduleLimits.LATE), job.anchor());
                passed++;
                continue;
            }
            newest = next.get();
            passed++;
            next = schedule.next(newest, job.anchor());
        }
        boolean runs = !alone
                && (!newest.isBefore(now.minus(ScheduleLimits.LATE))
                        || job.definition().missed().equals(JobDefinition.RUN_ONCE));
        Instant passedAt = job.passedAt() == null ? job.dueAt() : job.passedAt();
        Instant expectedAt = job.expectedAt() == null ? expected(job, schedule) : job.expectedAt();
        return Optional.of(
                new Claim(runs ? newest : null, runs ? passed - 1 : passed, next.orElse(null), passedAt, expectedAt));
    }

    /** When a run for the due time is over if all goes well: after all its attempts, else before the next time. */
    private static Instant expected(DueJob job, Schedule schedule) {
        JobDefinition definition = job.definition();
        if (definition.timeoutSeconds() == 0) {
            return schedule.next(job.dueAt(), job.anchor()).orElse(job.dueAt().plus(ScheduleLimits.ENDLESS));
        }
        Duration longest = Duration.ofSeconds(definition.timeoutSeconds()).plus(ScheduleLimits.ENDING);
        Duration all = longest.multipliedBy(1L + definition.retries());
        long backoff = definition.retryBackoffSeconds();
        for (int retry = 0; retry < definition.retries(); retry++) {
            all = all.plusSeconds(backoff);
            backoff = Math.min(2 * backoff, ScheduleLimits.BACKOFF_MAX.toSeconds());
        }
        return job.dueAt().plus(all);
    }
}
