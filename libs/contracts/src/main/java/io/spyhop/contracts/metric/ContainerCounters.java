package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's own counters of one running container, for who computes rates himself. Counters begin at a life's start. A
 * counter that cannot be read is null. Immutable.
 *
 * @param memWorkingSetBytes used less inactive file pages
 * @param memLimitBytes 0 where no limit is set
 * @param oomEvents how often the kernel killed for want of memory
 * @param startedAt of this life
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContainerCounters(
        WorkloadIdentity workload,
        String host,
        String containerId,
        String containerName,
        String image,
        int index,
        Instant readAt,
        @Nullable Instant startedAt,
        long cpuNanos,
        @Nullable Long cpuUserNanos,
        @Nullable Long cpuSystemNanos,
        @Nullable Long cpuPeriods,
        @Nullable Long cpuThrottledPeriods,
        @Nullable Long cpuThrottledNanos,
        long memUsageBytes,
        long memWorkingSetBytes,
        @Nullable Long memCacheBytes,
        @Nullable Long memRssBytes,
        long memLimitBytes,
        @Nullable Long oomEvents,
        @Nullable Long netRxBytes,
        @Nullable Long netRxPackets,
        @Nullable Long netRxErrors,
        @Nullable Long netRxDropped,
        @Nullable Long netTxBytes,
        @Nullable Long netTxPackets,
        @Nullable Long netTxErrors,
        @Nullable Long netTxDropped,
        @Nullable Long blockReadBytes,
        @Nullable Long blockWriteBytes,
        @Nullable Long pids) {}
