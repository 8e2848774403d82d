package io.spyhop.contracts.crash;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One crash as a list shows it. Immutable.
 *
 * @param n counts the crashes of a workload, from 1
 * @param at when the life ended, by the engine's clock
 * @param startedAt when that life began; null where it is not known
 * @param instance the index among the workload's instances
 * @param exitCode null where nobody knows it
 * @param signal the name of the signal that the exit code stands for, such as {@code SIGKILL}; null where it stands for none
 * @param restartCount how often the engine had restarted the container
 * @param crashLoop whether the workload crashed so often of late that it goes round
 * @param error the last line that tells of an error, or the last one, cut to its beginning; null before it is known
 * @param group crashes like this one; null before it is known
 * @param complete whether the last lines have come
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Crash(
        int n,
        Instant at,
        @Nullable Instant startedAt,
        String host,
        int instance,
        String containerId,
        String containerName,
        String image,
        @Nullable Integer exitCode,
        @Nullable String signal,
        boolean oomKilled,
        int restartCount,
        boolean crashLoop,
        @Nullable String error,
        @Nullable CrashGroup group,
        boolean complete) {}
