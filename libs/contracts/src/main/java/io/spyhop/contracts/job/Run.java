package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a job, as lists and the runs topic show it. Immutable.
 *
 * @param workload whose job it is of
 * @param org whose the workload is
 * @param mode where it runs
 * @param exitCode of the newest attempt that ended; null before, or where nobody knows
 * @param signal that ended it, such as {@code SIGKILL}; null where none did
 * @param oomKilled whether the engine said that memory ran out
 * @param attempt the number of the newest attempt, from 1
 * @param attemptsMax how many there may be
 * @param triggeredBy {@code api}, {@code dashboard} or {@code schedule}
 * @param triggeredByName whose token or session it was; null for a schedule
 * @param rerunOf of which run this is a repetition; null where of none
 * @param dueAt which time of the schedule it is of; null where of none
 * @param queuedAt when it was asked for
 * @param startedAt of the first attempt; null before
 * @param completedAt null before the end
 * @param durationMs from {@code startedAt} to {@code completedAt}
 * @param reason why it failed, was lost or waits, for people; null where there is nothing to say
 * @param containerId where the newest attempt ran, or runs; null before it was made
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Run(
        RunId id,
        String jobId,
        WorkloadId workload,
        String org,
        JobMode mode,
        RunStatus status,
        @Nullable Integer exitCode,
        @Nullable String signal,
        @Nullable Boolean oomKilled,
        int attempt,
        int attemptsMax,
        String triggeredBy,
        @Nullable String triggeredByName,
        @Nullable RunId rerunOf,
        @Nullable Instant dueAt,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Long durationMs,
        @Nullable String reason,
        @Nullable String containerId) {
    /** A token asked for it. */
    public static final String BY_API = "api";

    /** Somebody who is signed in at the dashboard asked for it. */
    public static final String BY_DASHBOARD = "dashboard";

    /** Its time had come. */
    public static final String BY_SCHEDULE = "schedule";

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload, id.value());
    }
}
