package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the engine's statistics of a container. What is missing is unknown: engines differ (Podman tells neither parts of
 * memory nor, at times, block devices), and so do control groups of version 1 and 2.
 */
final class StatsJson {
    private StatsJson() {}

    /**
     * The counters of an answer; null where nothing lives in the container.
     *
     * @param hostBytes the machine's memory
     */
    static @Nullable Counters counters(JsonNode json, long atNanos, long hostBytes) {
        long used = number(json.path("cpu_stats").path("cpu_usage").path("total_usage"));
        long usage = number(json.path("memory_stats").path("usage"));
        // Of a container that does not run engines tell zeros, and no memory at all.
        if (used < 0 || usage < 0 || (used == 0 && usage == 0)) {
            return null;
        }
        return new Counters(
                atNanos,
                cpu(json.path("cpu_stats"), used),
                memory(json.path("memory_stats"), usage, hostBytes),
                network(json.path("networks")),
                block(json.path("blkio_stats").path("io_service_bytes_recursive")),
                number(json.path("pids_stats").path("current")));
    }

    private static Cpu cpu(JsonNode cpu, long used) {
        JsonNode throttling = cpu.path("throttling_data");
        long cpus = number(cpu.path("online_cpus"));
        return new Cpu(
                used,
                number(cpu.path("cpu_usage").path("usage_in_usermode")),
                number(cpu.path("cpu_usage").path("usage_in_kernelmode")),
                number(throttling.path("periods")),
                number(throttling.path("throttled_periods")),
                number(throttling.path("throttled_time")),
                cpus > 0 ? cpus : Counters.UNKNOWN);
    }

    private static Memory memory(JsonNode memory, long usage, long hostBytes) {
        JsonNode stats = memory.path("stats");
        long limit = number(memory.path("limit"));
        // Where no limit is set engines name the machine's memory.
        boolean limited = limit > 0 && (hostBytes <= 0 || limit < hostBytes);
        return new Memory(
                usage,
                first(stats, "total_inactive_file", "inactive_file"),
                first(stats, "total_cache", "file"),
                first(stats, "total_rss", "anon"),
                limited ? limit : 0,
                hostBytes > 0 ? hostBytes : Counters.UNKNOWN,
                Counters.UNKNOWN);
    }

    private static @Nullable Network network(JsonNode networks) {
        if (!networks.isObject() || networks.isEmpty()) {
            return null;
        }
        return new Network(
                sum(networks, "rx_bytes"),
                sum(networks, "rx_packets"),
                sum(networks, "rx_errors"),
                sum(networks, "rx_dropped"),
                sum(networks, "tx_bytes"),
                sum(networks, "tx_packets"),
                sum(networks, "tx_errors"),
                sum(networks, "tx_dropped"));
    }

    /** An empty list says that nothing was read or written yet; none at all that it is not counted. */
    private static @Nullable Block block(JsonNode entries) {
        if (!entries.isArray()) {
            return null;
        }
        long read = 0;
        long written = 0;
        for (JsonNode entry : entries) {
            switch (entry.path("op").asText().toLowerCase(Locale.ROOT)) {
                case "read" -> read += Math.max(0, number(entry.path("value")));
                case "write" -> written += Math.max(0, number(entry.path("value")));
                default -> {
                    // Sync, Async, Total: the same bytes again.
                }
            }
        }
        return new Block(read, written);
    }

    private static long sum(JsonNode networks, String name) {
        long sum = 0;
        for (JsonNode network : networks) {
            sum += Math.max(0, number(network.path(name)));
        }
        return sum;
    }

    private static long first(JsonNode object, String name, String other) {
        long value = number(object.path(name));
        return value >= 0 ? value : number(object.path(other));
    }

    private static long number(JsonNode value) {
        return value.isNumber() ? value.asLong() : Counters.UNKNOWN;
    }
}
