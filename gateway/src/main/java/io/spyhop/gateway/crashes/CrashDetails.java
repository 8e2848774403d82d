package io.spyhop.gateway.crashes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.crash.ContainerLimits;
import io.spyhop.contracts.crash.Crash;
import io.spyhop.contracts.crash.CrashGroup;
import io.spyhop.contracts.crash.CrashReport;
import io.spyhop.contracts.crash.OomEvidence;
import io.spyhop.contracts.crash.ReportedProbe;
import io.spyhop.contracts.metric.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One crash as the API shows it. Immutable.
 *
 * @param lines null before they have come
 * @param usages null before they have come
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CrashDetails(
        int n,
        String workload,
        Instant at,
        @Nullable Instant startedAt,
        String host,
        int instance,
        String containerId,
        String containerName,
        String image,
        @Nullable String imageDigest,
        @Nullable Integer exitCode,
        @Nullable String signal,
        boolean oomKilled,
        OomEvidence oom,
        int restartCount,
        @Nullable String restartPolicy,
        @Nullable Long restartInMs,
        boolean crashLoop,
        @Nullable String error,
        @Nullable CrashGroup group,
        boolean complete,
        ContainerLimits limits,
        List<String> envKeys,
        List<ReportedProbe> probes,
        @Nullable Long through,
        @Nullable List<JsonNode> lines,
        int omittedLines,
        @Nullable List<Usage> usages) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static CrashDetails of(CrashReport report) {
        Crash crash = report.crash();
        String rows = report.ndjson();
        return new CrashDetails(
                crash.n(),
                report.workload().value(),
                crash.at(),
                crash.startedAt(),
                crash.host(),
                crash.instance(),
                crash.containerId(),
                crash.containerName(),
                crash.image(),
                report.imageDigest(),
                crash.exitCode(),
                crash.signal(),
                crash.oomKilled(),
                report.oom(),
                crash.restartCount(),
                report.restartPolicy(),
                report.restartInMillis(),
                crash.crashLoop(),
                crash.error(),
                crash.group(),
                crash.complete(),
                report.limits(),
                report.envKeys(),
                report.probes(),
                report.through(),
                rows == null ? null : rows.lines().map(CrashDetails::parsed).toList(),
                report.omittedLines(),
                report.usages());
    }

    static JsonNode parsed(String row) {
        try {
            return JSON.readTree(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored row is no JSON", e);
        }
    }
}
