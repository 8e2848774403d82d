package io.spyhop.gateway.scrape;

import io.spyhop.contracts.metric.ContainerCounters;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One figure of all containers under the name that cAdvisor gives it, so that dashboards made for that work. Immutable.
 *
 * @param counter whether it only rises while the container lives; else it is a gauge
 * @param value as text; null where it cannot be known
 */
record Family(String name, boolean counter, String help, Function<ContainerCounters, @Nullable String> value) {
    /** All of them, in the order in which they are written. */
    static final List<Family> ALL = List.of(
            counter("cpu_usage_seconds", "CPU time consumed in seconds.", c -> seconds(c.cpuNanos())),
            counter("cpu_user_seconds", "CPU time consumed in user mode in seconds.", c -> seconds(c.cpuUserNanos())),
            counter(
                    "cpu_system_seconds",
                    "CPU time consumed in the kernel in seconds.",
                    c -> seconds(c.cpuSystemNanos())),
            counter("cpu_cfs_periods", "Elapsed periods of CPU enforcement.", c -> number(c.cpuPeriods())),
            counter(
                    "cpu_cfs_throttled_periods",
                    "Periods in which the container was throttled.",
                    c -> number(c.cpuThrottledPeriods())),
            counter(
                    "cpu_cfs_throttled_seconds",
                    "Time for which the container was throttled in seconds.",
                    c -> seconds(c.cpuThrottledNanos())),
            gauge("memory_usage_bytes", "Memory in use in bytes, page cache included.", c -> number(c.memUsageBytes())),
            gauge(
                    "memory_working_set_bytes",
                    "Memory in use in bytes, less the page cache that can be dropped at once.",
                    c -> number(c.memWorkingSetBytes())),
            gauge("memory_cache", "Page cache in bytes.", c -> number(c.memCacheBytes())),
            gauge("memory_rss", "Memory in bytes that no file stands behind.", c -> number(c.memRssBytes())),
            gauge(
                    "spec_memory_limit_bytes",
                    "Memory limit in bytes, 0 where there is none.",
                    c -> number(c.memLimitBytes())),
            counter("oom_events", "Times that the kernel killed for want of memory.", c -> number(c.oomEvents())),
            counter("network_receive_bytes", "Bytes received.", c -> number(c.netRxBytes())),
            counter("network_receive_packets", "Packets received.", c -> number(c.netRxPackets())),
            counter("network_receive_errors", "Errors while receiving.", c -> number(c.netRxErrors())),
            counter(
                    "network_receive_packets_dropped",
                    "Packets dropped while receiving.",
                    c -> number(c.netRxDropped())),
            counter("network_transmit_bytes", "Bytes transmitted.", c -> number(c.netTxBytes())),
            counter("network_transmit_packets", "Packets transmitted.", c -> number(c.netTxPackets())),
            counter("network_transmit_errors", "Errors while transmitting.", c -> number(c.netTxErrors())),
            counter(
                    "network_transmit_packets_dropped",
                    "Packets dropped while transmitting.",
                    c -> number(c.netTxDropped())),
            counter("fs_reads_bytes", "Bytes read from block devices.", c -> number(c.blockReadBytes())),
            counter("fs_writes_bytes", "Bytes written to block devices.", c -> number(c.blockWriteBytes())),
            gauge("threads", "Processes and threads in the container.", c -> number(c.pids())),
            gauge(
                    "start_time_seconds",
                    "When the container started, in seconds since the epoch.",
                    c -> seconds(c.startedAt())),
            gauge(
                    "last_seen",
                    "When the container was measured last, in seconds since the epoch.",
                    c -> seconds(c.readAt())));

    private static Family counter(String name, String help, Function<ContainerCounters, @Nullable String> value) {
        return new Family("container_" + name + "_total", true, help, value);
    }

    private static Family gauge(String name, String help, Function<ContainerCounters, @Nullable String> value) {
        return new Family("container_" + name, false, help, value);
    }

    private static @Nullable String number(@Nullable Long value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable String seconds(@Nullable Long nanos) {
        return nanos == null ? null : Double.toString(nanos / 1e9);
    }

    private static @Nullable String seconds(@Nullable Instant at) {
        return at == null ? null : Double.toString(at.toEpochMilli() / 1e3);
    }
}
