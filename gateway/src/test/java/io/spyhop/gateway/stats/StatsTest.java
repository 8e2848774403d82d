package io.spyhop.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.gateway.FakeUsage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatsTest {
    @Test
    void shouldAddUpWhatIsKnownAndNameTheOldest() {
        // Given
        Usage first = FakeUsage.usage(150.0, 32, 64, true, 1000L);
        Usage second =
                new Usage(Instant.EPOCH, null, 16, 32, true, 50, 500L, 7L, 1.5, null, null, null, null, null, null);

        // When
        Usage total = Stats.of(List.of(instance("a", 0, first), instance("a", 1, second)))
                .total();

        // Then
        assertThat(total)
                .isEqualTo(new Usage(
                        Instant.EPOCH, 150.0, 48, 96, true, 50, 1500L, 7L, 1.5, null, null, null, null, null, 3L));
    }

    @Test
    void shouldCountAHostsMemoryOnceWhenInstancesHaveNoLimit() {
        // Given
        List<InstanceUsage> usages = List.of(
                instance("a", 0, FakeUsage.usage(1.0, 10, 1000, false, null)),
                instance("a", 1, FakeUsage.usage(1.0, 10, 1000, false, null)),
                instance("a", 2, FakeUsage.usage(1.0, 10, 64, true, null)),
                instance("b", 3, FakeUsage.usage(1.0, 10, 100, true, null)),
                instance("b", 4, FakeUsage.usage(1.0, 10, 50, true, null)));

        // When
        Usage total = Stats.of(usages).total();

        // Then
        assertThat(total.memLimitMb()).isEqualTo(1150);
        assertThat(total.memLimited()).isFalse();
        assertThat(total.memUsedMb()).isEqualTo(50);
        assertThat(total.memPct()).isEqualTo(100 * 50 / 1150.0);
    }

    @Test
    void shouldBeFlatWithInstancesByIndexWhenWritten() throws JsonProcessingException {
        // Given
        Stats stats = Stats.of(List.of(
                instance("b", 1, FakeUsage.usage(null, 16, 32, true, null)),
                instance("a", 0, FakeUsage.usage(2.5, 32, 64, true, 1000L))));

        // When
        JsonNode json = JsonMapper.builder().findAndAddModules().build().valueToTree(stats);

        // Then
        assertThat(json.path("cpuPct").asDouble()).isEqualTo(2.5);
        assertThat(json.path("memUsedMb").asDouble()).isEqualTo(48);
        assertThat(json.has("netTxBytes")).isFalse();
        assertThat(json.path("instances").findValuesAsText("index")).containsExactly("0", "1");
        assertThat(json.path("instances").path(0).path("host").asText()).isEqualTo("a");
        assertThat(json.path("instances").path(0).path("way").asText()).isEqualTo("kernel");
        assertThat(json.path("instances").path(0).path("netRxBytes").asLong()).isEqualTo(1000);
        assertThat(json.path("instances").path(1).has("cpuPct")).isFalse();
    }

    private static InstanceUsage instance(String host, int index, Usage usage) {
        return FakeUsage.of("shop", "acme", host, index, usage);
    }
}
