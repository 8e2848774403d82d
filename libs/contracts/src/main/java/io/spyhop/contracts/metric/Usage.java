package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a container uses at a moment. A figure that cannot be known is null, never zero: a rate or a share of CPU before
 * the second reading of a life, traffic of a container without a network namespace of its own, a controller that the
 * kernel does not have. Mb means MiB. Immutable.
 *
 * @param sampledAt when it was read, by the clock of who read it
 * @param cpuPct of one CPU since the reading before: 100 is one full core
 * @param memUsedMb what the kernel charges, less the page cache that it can drop at once (inactive file pages)
 * @param memLimitMb the container's limit, or the host's memory
 * @param memLimited whether the container has a limit of its own
 * @param memPct of {@code memLimitMb}
 * @param netRxBytes received since the life began, by all interfaces but loopback
 * @param netTxBytes sent since the life began
 * @param netRxRate bytes a second since the reading before
 * @param netTxRate bytes a second since the reading before
 * @param blockReadBytes read from block devices since the life began
 * @param blockWriteBytes written to block devices since the life began
 * @param blockReadRate bytes a second since the reading before
 * @param blockWriteRate bytes a second since the reading before
 * @param pids processes and threads
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Usage(
        Instant sampledAt,
        @Nullable Double cpuPct,
        double memUsedMb,
        double memLimitMb,
        boolean memLimited,
        double memPct,
        @Nullable Long netRxBytes,
        @Nullable Long netTxBytes,
        @Nullable Double netRxRate,
        @Nullable Double netTxRate,
        @Nullable Long blockReadBytes,
        @Nullable Long blockWriteBytes,
        @Nullable Double blockReadRate,
        @Nullable Double blockWriteRate,
        @Nullable Long pids) {}
