package io.spyhop.contracts.crash;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one crash. Immutable.
 *
 * @param oom what each witness says of a want of memory
 * @param imageDigest what the engine ran, whatever the image's name means now; null where it was not asked in time
 * @param limits what the container might use
 * @param envKeys the names of its environment's variables, without their values
 * @param restartPolicy such as {@code on-failure}; null where it was not asked in time
 * @param restartInMillis how long the engine waits before it restarts the container; null where it does not
 * @param probes the last health requests to the instance, oldest first
 * @param through the number of the system line that tells of the crash; null before the lines have come
 * @param ndjson the life's last lines, oldest first, rows as the store has them; null before they have come
 * @param omittedLines how many of them are left out because of their length
 * @param usages what was used in the last minutes, oldest first; null before that has come
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CrashReport(
        WorkloadId workload,
        Crash crash,
        OomEvidence oom,
        @Nullable String imageDigest,
        ContainerLimits limits,
        List<String> envKeys,
        @Nullable String restartPolicy,
        @Nullable Long restartInMillis,
        List<ReportedProbe> probes,
        @Nullable Long through,
        @Nullable String ndjson,
        int omittedLines,
        @Nullable List<Usage> usages) {
    /** Copies the lists. */
    public CrashReport {
        envKeys = List.copyOf(envKeys);
        probes = List.copyOf(probes);
        usages = usages == null ? null : List.copyOf(usages);
    }
}
