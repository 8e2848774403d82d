package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatsJsonTest {
    private static final long HOST_BYTES = 25_276_502_016L;

    @Test
    void shouldReadAllOfVersion1() throws IOException {
        Counters counters = Objects.requireNonNull(read("""
            {"pids_stats": {"current": 3},
             "blkio_stats": {"io_service_bytes_recursive": [
                {"major": 8, "minor": 0, "op": "Read", "value": 4096}, {"major": 8, "minor": 0, "op": "Write", "value": 8192},
                {"major": 8, "minor": 0, "op": "Total", "value": 12288}, {"major": 9, "minor": 0, "op": "Read", "value": 1000}]},
             "cpu_stats": {"cpu_usage": {"total_usage": 43982421, "usage_in_kernelmode": 0, "usage_in_usermode": 40000000},
                "system_cpu_usage": 51049830000000, "online_cpus": 2,
                "throttling_data": {"periods": 1, "throttled_periods": 2, "throttled_time": 3}},
             "memory_stats": {"usage": 659456, "limit": 67108864, "stats": {"cache": 7, "inactive_file": 9, "total_cache": 8192,
                "total_inactive_file": 4096, "total_rss": 61440}},
             "networks": {"eth0": {"rx_bytes": 400, "rx_packets": 4, "rx_errors": 1, "rx_dropped": 2, "tx_bytes": 10,
                "tx_packets": 1, "tx_errors": 0, "tx_dropped": 0}, "eth1": {"rx_bytes": 100, "tx_bytes": 1}}}\
            """));

        assertThat(counters.atNanos()).isEqualTo(17);
        assertThat(counters.cpu()).isEqualTo(new Cpu(43_982_421, 40_000_000, 0, 1, 2, 3, 2));
        assertThat(counters.memory())
                .isEqualTo(new Memory(659_456, 4096, 8192, 61_440, 67_108_864, HOST_BYTES, Counters.UNKNOWN));
        assertThat(counters.network()).isEqualTo(new Network(500, 4, 1, 2, 11, 1, 0, 0));
        assertThat(counters.block()).isEqualTo(new Block(5096, 8192));
        assertThat(counters.pids()).isEqualTo(3);
    }

    @Test
    void shouldReadAllOfVersion2() throws IOException {
        Counters counters = Objects.requireNonNull(read("""
            {"blkio_stats": {"io_service_bytes_recursive": [{"op": "read", "value": 4096}, {"op": "write", "value": 8192}]},
             "cpu_stats": {"cpu_usage": {"total_usage": 43982421}},
             "memory_stats": {"usage": 659456, "limit": 25276502016,
                "stats": {"anon": 61440, "file": 8192, "inactive_file": 4096}}}\
            """));

        assertThat(counters.memory())
                .isEqualTo(new Memory(659_456, 4096, 8192, 61_440, 0, HOST_BYTES, Counters.UNKNOWN));
        assertThat(counters.block()).isEqualTo(new Block(4096, 8192));
    }

    @Test
    void shouldKnowWhatIsMissingAsUnknownWhenTheEngineTellsLittle() throws IOException {
        // As Podman does, or Docker of a container in the machine's own network.
        Counters counters = Objects.requireNonNull(read("""
            {"cpu_stats": {"cpu_usage": {"total_usage": 5}}, "blkio_stats": {"io_service_bytes_recursive": null},
             "memory_stats": {"usage": 659456, "limit": 25276502016}}\
            """));

        assertThat(counters.network()).isNull();
        assertThat(counters.block()).isNull();
        assertThat(counters.pids()).isEqualTo(Counters.UNKNOWN);
        assertThat(counters.memory().inactiveFileBytes()).isEqualTo(Counters.UNKNOWN);
        assertThat(counters.memory().workingSetBytes()).isEqualTo(659_456);
        assertThat(counters.cpu())
                .isEqualTo(new Cpu(
                        5,
                        Counters.UNKNOWN,
                        Counters.UNKNOWN,
                        Counters.UNKNOWN,
                        Counters.UNKNOWN,
                        Counters.UNKNOWN,
                        Counters.UNKNOWN));
    }

    @Test
    void shouldReadNothingWhenNothingRuns() throws IOException {
        assertThat(read("{\"cpu_stats\": {\"cpu_usage\": {\"total_usage\": 0}}, \"memory_stats\": {}}"))
                .isNull();
    }

    private static @Nullable Counters read(String json) throws IOException {
        return StatsJson.counters(DockerJson.read(new ByteArrayInputStream(json.getBytes(UTF_8))), 17, HOST_BYTES);
    }
}
