package io.spyhop.lifecycle.crash;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.crash.ContainerLimits;
import io.spyhop.contracts.crash.OomEvidence;
import io.spyhop.contracts.crash.ReportedProbe;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerSetup;
import io.spyhop.lifecycle.watch.CrashFacts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a crash when it happens, as it is stored. Evolves additively. Immutable. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record CrashRecord(
        Instant at,
        @Nullable Instant startedAt,
        String host,
        int instance,
        String containerId,
        String containerName,
        String image,
        @Nullable Integer exitCode,
        OomEvidence oom,
        int restartCount,
        @Nullable String imageDigest,
        ContainerLimits limits,
        List<String> envKeys,
        @Nullable String restartPolicy,
        @Nullable Long restartInMillis,
        List<ReportedProbe> probes) {
    static CrashRecord of(CrashFacts facts, List<ReportedProbe> probes) {
        InstanceState instance = facts.instance();
        ContainerSetup setup = facts.setup();
        return new CrashRecord(
                facts.at(),
                facts.lifeStartedAt(),
                instance.host(),
                instance.index(),
                instance.containerId(),
                instance.containerName(),
                instance.image(),
                facts.exitCode(),
                facts.oom(),
                facts.restartCount(),
                setup.imageDigest(),
                new ContainerLimits(instance.memoryLimitBytes(), setup.cpus(), setup.pids()),
                setup.envKeys(),
                setup.restartPolicy(),
                facts.restartIn() == null ? null : facts.restartIn().toMillis(),
                probes);
    }
}
